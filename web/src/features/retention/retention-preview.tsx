import type { RetentionPolicy } from "@safebase/contracts";
import { createEffect, createSignal, on, onCleanup, Show } from "solid-js";
import { api, ApiError, ask } from "../../api/client.ts";
import type { RetentionPreview as Plan } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { LongList } from "../../ui/long-list.tsx";
import { Problem } from "../../ui/problem.tsx";
import { reasonWords } from "./reasons.ts";
import "./retention.css";

const QUIET_MS = 300;

interface Asked { readonly database_id: number; readonly schedule_id?: number | undefined; readonly policy: RetentionPolicy | null }
interface Judged { readonly id: number; readonly filename: string | null; readonly at: string; readonly size: number | null; readonly goes: boolean; readonly why: readonly string[] }

/** What a policy would do to the history that there is now, and why; of one schedule's backups where one is given. */
export function RetentionPreview(props: Asked) {
  const [plan, setPlan] = createSignal<Plan>();
  const [error, setError] = createSignal<unknown>();
  const refused = (): boolean => { const thrown = error(); return thrown instanceof ApiError && thrown.code === "bad_request"; }; // which the field says
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const load = async (mine: number, { database_id, schedule_id, policy }: Asked): Promise<void> => {
    try {
      const answer = await ask(api.retention.preview.$post({ query: {}, json: { database_id, policy, ...(schedule_id === undefined ? {} : { schedule_id }) } }));
      if (mine === newest) { setPlan(answer); setError(undefined); }
    } catch (thrown) {
      if (mine === newest) setError(thrown);
    }
  };
  createEffect(on(() => JSON.stringify({ database_id: props.database_id, schedule_id: props.schedule_id, policy: props.policy }), (asked, before) => {
    clearTimeout(timer);
    const mine = ++newest;
    timer = setTimeout(() => void load(mine, JSON.parse(asked) as Asked), before === undefined ? 0 : QUIET_MS);
  }));
  onCleanup(() => { clearTimeout(timer); newest = Infinity; });
  return (
    <section class="retention-preview" aria-label={t().retention.preview}>
      <p class="retention-outcome" role="status">{refused() ? t().retention.invalid : plan() === undefined ? t().retention.waiting : outcomeOf(plan() as Plan)}</p>
      <Show when={!refused() && error()}>{(thrown) => <Problem error={thrown()} />}</Show>
      <Show when={!refused() && plan() !== undefined && rowsOf(plan() as Plan)}>{(rows) => (
        <Show when={rows().length > 0}><LongList label={t().retention.preview} items={rows()} row_px={44}>{(row) => <Row row={row} />}</LongList></Show>
      )}</Show>
    </section>
  );
}

function Row(props: { row: Judged }) {
  return (
    <div class="retention-row">
      <Badge tone={props.row.goes ? "warn" : "good"}>{props.row.goes ? t().retention.goes : t().retention.stays}</Badge>
      <a href={`/backups/${props.row.id}`} title={props.row.filename ?? undefined}>{f().moment(props.row.at)}</a>
      <span class="retention-why dim">{f().list(props.row.why.map((reason) => reasonWords(reason)))}</span>
      <span class="dim retention-size">{props.row.size === null ? "" : f().bytes(props.row.size)}</span>
    </div>
  );
}

function rowsOf({ remove, keep }: Plan): Judged[] {
  const view = ({ id, filename, size, started_at, created_at }: Plan["keep"][number] | Plan["remove"][number]) => ({ id, filename, size, at: started_at ?? created_at });
  return [
    ...remove.map((one) => ({ ...view(one), goes: true, why: one.reason.split(", ") })), ...keep.map((one) => ({ ...view(one), goes: false, why: one.reasons })),
  ].sort((a, b) => b.at.localeCompare(a.at) || b.id - a.id);
}

function outcomeOf({ remove, keep, freed_bytes, kept_bytes }: Plan): string {
  const words = t().retention;
  if (remove.length + keep.length === 0) return words.none;
  if (remove.length === 0) return words.nothingGoes(keep.length, f().bytes(kept_bytes));
  return words.outcome(remove.length, f().bytes(freed_bytes), keep.length, f().bytes(kept_bytes));
}
