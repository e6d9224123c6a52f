import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import type { StandingCounts } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { TYPES } from "../backups/filter.ts";
import { STATES, type ListQuery, type Sort } from "./state.ts";

const TYPED_MS = 250;
type Change = Readonly<Partial<Record<"q" | "type" | "state" | "sort" | "order" | "page", string | undefined>>>;

/** Words, engine, how things stand, and on a narrow screen the order. */
export function Filters(props: { query: ListQuery; counts: StandingCounts | undefined; onChange: (change: Change, replace?: boolean) => void; onSort: (sort: Sort) => void }) {
  const [typed, setTyped] = createSignal(props.query.q ?? "");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const search = (text: string): void => {
    setTyped(text);
    clearTimeout(timer);
    timer = setTimeout(() => props.onChange({ q: text.trim() === "" ? undefined : text.trim() }, true), TYPED_MS);
  };
  createEffect(on(() => props.query.q ?? "", (q) => { if (q !== typed().trim()) setTyped(q); }, { defer: true })); // gone back to, or cleared
  const engines = () => [{ value: "", label: t().databases.everyEngine }, ...TYPES.map((value) => ({ value: value as string, label: t().engines[value] }))];
  return (
    <div class="list-tools">
      <div class="list-fields">
        <TextField name="search" type="search" label={t().databases.search} placeholder={t().databases.search} value={typed()} onInput={search} />
        <SelectField name="type" label={t().databases.engine} value={props.query.type ?? ""} options={engines()} onChange={(type) => props.onChange({ type: type === "" ? undefined : type })} />
        <div class="list-order"><SelectField name="sort" label={t().databases.order} value={props.query.sort} options={(["name", "state", "newest", "size"] as const).map((value) => ({ value, label: t().databases.sorts[value] }))} onChange={props.onSort} /></div>
      </div>
      <div class="chips" role="group" aria-label={t().databases.state}>
        <Chip label={t().databases.every} count={props.counts?.all} pressed={props.query.state === undefined} onPress={() => props.onChange({ state: undefined })} />
        <For each={STATES}>{(state) => (
          <Show when={(props.counts?.[state] ?? 0) > 0 || props.query.state === state}>
            <Chip label={t().databases.filters[state]} count={props.counts?.[state]} pressed={props.query.state === state} onPress={() => props.onChange({ state: props.query.state === state ? undefined : state })} />
          </Show>
        )}</For>
      </div>
    </div>
  );
}

function Chip(props: { label: string; count: number | undefined; pressed: boolean; onPress: () => void }) {
  return <button type="button" class="chip" aria-pressed={props.pressed} onClick={() => props.onPress()}>{props.label} <span class="chip-count">{props.count === undefined ? "" : f().number(props.count)}</span></button>;
}
