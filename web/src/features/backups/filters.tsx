import { createEffect, createSignal, createUniqueId, For, on, onCleanup, Show } from "solid-js";
import type { Database } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { FLAGS, filterOf, MORE, periodOf, STATUSES, TRIGGERS, TYPES, type FilterName, type Params } from "./filter.ts";
import { dayOf, PERIODS } from "./period.ts";

export type Change = Partial<Record<FilterName, string | undefined>>;
interface Props { params: Params; databases: readonly Pick<Database, "id" | "name">[]; storages: readonly string[]; onChange: (changed: Change) => void }

const TYPED_MS = 300;

/** Which backups are shown. What is wanted more rarely opens below. */
export function Filters(props: Props) {
  const words = () => t().backups;
  const more = (): number => MORE.filter((name) => filterOf(props.params)[name] !== undefined).length;
  const [open, setOpen] = createSignal(more() > 0);
  return (
    <div class="backup-filters" role="search" aria-label={words().filters}>
      <Search value={props.params["search"] ?? ""} onChange={(search) => props.onChange({ search })} />
      <Chosen {...props} name="status" label={words().status} values={STATUSES} word={(value) => t().status[value]} />
      <DatabaseField {...props} />
      <Period {...props} />
      <Button look="quiet" icon="down" expanded={open()} onClick={() => setOpen(!open())}>{words().more}<Show when={more()}>{(count) => <span class="count">{f().number(count())}</span>}</Show></Button>
      <Show when={open()}>
        <div class="filters-more">
          <Chosen {...props} name="type" label={words().type} values={TYPES} word={(value) => t().engines[value]} />
          <Chosen {...props} name="trigger" label={words().trigger} values={TRIGGERS} word={(value) => t().triggers[value]} />
          <Chosen {...props} name="verified" label={words().proof} values={FLAGS} word={(value) => words().verifiedChoices[value]} />
          <Chosen {...props} name="pinned" label={words().pin} values={FLAGS} word={(value) => words().pinnedChoices[value]} />
          <Chosen {...props} name="storage" label={words().storage} values={props.storages} word={(value) => value} />
        </div>
      </Show>
    </div>
  );
}

/** Asks when the typing pauses. */
function Search(props: { value: string; onChange: (text: string | undefined) => void }) {
  const [typed, setTyped] = createSignal(props.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  createEffect(on(() => props.value, (value) => { if (value !== typed().trim()) setTyped(value); }, { defer: true }));
  const onInput = (text: string): void => {
    setTyped(text);
    clearTimeout(timer);
    timer = setTimeout(() => props.onChange(text.trim() === "" ? undefined : text.trim()), TYPED_MS);
  };
  return <TextField name="search" type="search" label={t().backups.search} placeholder={t().backups.searchHint} value={typed()} onInput={onInput} />;
}

/** One of a few, or any. */
function Chosen<T extends string>(props: Props & { name: FilterName; label: string; values: readonly T[]; word: (value: T) => string }) {
  const options = () => [{ value: "", label: t().backups.all }, ...props.values.map((value) => ({ value, label: props.word(value) }))];
  return <SelectField name={props.name} label={props.label} value={props.params[props.name] ?? ""} options={options()} onChange={(value) => props.onChange({ [props.name]: value === "" ? undefined : value })} />;
}

const MANY = 25;

/** A list to choose from; of many databases one is found by typing. */
function DatabaseField(props: Props) {
  const id = createUniqueId();
  const chosen = (): string => props.params["database_id"] ?? "";
  const twice = (name: string): boolean => props.databases.filter((each) => each.name === name).length > 1;
  const label = (database: Props["databases"][number]): string => (twice(database.name) ? `${database.name} #${database.id}` : database.name);
  const labels = () => props.databases.map((database) => ({ value: String(database.id), label: label(database) }));
  const choose = (value: string): void => props.onChange({ database_id: value === "" ? undefined : value });
  const onTyped = (text: string): void => {
    const found = text === "" ? "" : labels().find((each) => each.label === text)?.value;
    if (found !== undefined) choose(found);
  };
  return (
    <Show when={props.databases.length > MANY} fallback={
      <SelectField name="database_id" label={t().backups.database} value={chosen()} options={[{ value: "", label: t().backups.all }, ...labels()]} onChange={choose} />
    }>
      <TextField name="database_id" label={t().backups.database} type="search" list={id} placeholder={t().backups.all} value={labels().find(({ value }) => value === chosen())?.label ?? ""} onInput={onTyped} />
      <datalist id={id}><For each={labels()}>{(each) => <option value={each.label} />}</For></datalist>
    </Show>
  );
}

/** When they were ordered: a usual span, or from a day to a day. */
function Period(props: Props) {
  const words = () => t().backups;
  const given = (): boolean => props.params["since"] !== undefined || props.params["until"] !== undefined;
  const [own, setOwn] = createSignal(given());
  const value = (): string => periodOf(props.params) ?? (given() || own() ? "own" : "");
  const choose = (name: string): void => {
    setOwn(name === "own");
    props.onChange(name === "own" ? { period: undefined } : { period: name === "" ? undefined : name, since: undefined, until: undefined });
  };
  const day = (name: "since" | "until") => ({
    name, label: words()[name], value: dayOf(props.params[name], name === "since" ? "first" : "last"), type: "date" as const,
    onInput: (text: string) => props.onChange({ [name]: text === "" ? undefined : text, period: undefined }),
  });
  return (
    <>
      <SelectField name="period" label={words().period} value={value()} options={[{ value: "", label: words().always }, ...PERIODS.map((name) => ({ value: name, label: words().periods[name] })), { value: "own", label: words().ownPeriod }]} onChange={choose} />
      <Show when={value() === "own"}><TextField {...day("since")} /><TextField {...day("until")} /></Show>
    </>
  );
}
