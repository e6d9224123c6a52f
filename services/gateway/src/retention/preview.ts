import type { RetentionPolicy } from "@safebase/contracts";
import { findDatabase } from "../catalog/databases.ts";
import { findSchedule } from "../catalog/schedules.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { planHistory, type Governed, type Instead } from "./history.ts";

export interface PreviewInput {
  readonly database_id: number;
  /** Shows the backups of this schedule alone. */
  readonly schedule_id?: number | undefined;
  /** Instead of the one that is saved: the schedule's, or without a schedule the database's. Null: none. */
  readonly policy?: RetentionPolicy | null | undefined;
}

/** What retention would remove now, and why each of the other completed backups stays. Changes nothing. */
export async function previewRetention(deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: PreviewInput) {
  const { database_id, schedule_id, policy } = input;
  const database = await findDatabase(deps.db, database_id, actor.scope);
  if (database === undefined) throw missing("database", database_id);
  if (schedule_id !== undefined && (await findSchedule(deps.db, schedule_id, actor.scope))?.database_id !== database_id) throw missing("schedule", schedule_id);
  const instead: Instead | undefined = policy === undefined ? undefined : { schedule_id: schedule_id ?? null, policy };
  const plan = await planHistory(deps.db, database, deps.now(), instead);
  const shown = ({ backup }: { backup: Governed }): boolean => schedule_id === undefined || backup.schedule_id === schedule_id;
  const remove = plan.remove.filter(shown).map(({ backup, reason }) => ({ ...view(backup), reason }));
  const keep = plan.keep.filter(shown).map(({ backup, reasons }) => ({ ...view(backup), reasons: [...reasons] }));
  return { remove, keep, freed_bytes: bytesOf(remove), kept_bytes: bytesOf(keep) };
}

function view(row: Governed) {
  return {
    id: row.id, filename: row.filename, type: row.type, trigger: row.trigger, schedule_id: row.schedule_id, size: row.size_bytes, pinned: row.pinned === 1,
    verified_at: row.verified_at, created_at: row.created_at, started_at: row.started_at, finished_at: row.finished_at,
  };
}

function bytesOf(views: readonly { size: number | null }[]): number {
  return views.reduce((sum, { size }) => sum + (size ?? 0), 0);
}
