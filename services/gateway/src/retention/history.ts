import type { RetentionPolicy } from "@safebase/contracts";
import { completedBackups, openNeeds, type HistoryRow } from "../catalog/retention.ts";
import { listSchedules } from "../catalog/schedules.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { isLost } from "../checks/end.ts";
import { retentionOf } from "../databases/view.ts";
import { planRetention, type Kept, type Removed } from "./plan.ts";
import { protectionsOf } from "./protections.ts";

/** A completed backup, when it was begun, and the policy that it is under; null for none. */
export type Governed = HistoryRow & { readonly at: string; readonly policy: RetentionPolicy | null; readonly damaged: boolean };

export interface HistoryPlan { readonly keep: Kept<Governed>[]; readonly remove: Removed<Governed>[] }

/** A policy that is not saved: of a schedule, or of the database itself. */
export interface Instead { readonly schedule_id: number | null; readonly policy: RetentionPolicy | null }

interface Regime { readonly policy: RetentionPolicy | null; readonly timezone: string }

/**
 * What becomes of a database's history. The backups of a schedule that has a policy are under that one, by the
 * schedule's time zone; all others, made by hand, for a restore's safety or by schedules that are gone or have none,
 * under the database's, by UTC. Protections count for the history as a whole.
 */
export async function planHistory(db: Db, database: Database, now: Date, instead?: Instead): Promise<HistoryPlan> {
  const history = await completedBackups(db, database.id);
  const protections = protectionsOf(history, await openNeeds(db, database.id));
  const { own, rest } = await regimesOf(db, database, instead);
  const regimeOf = ({ schedule_id }: HistoryRow): Regime => (schedule_id === null ? undefined : own.get(schedule_id)) ?? rest;
  const keep: Kept<Governed>[] = [], remove: Removed<Governed>[] = [];
  for (const [{ policy, timezone }, rows] of Map.groupBy(history, regimeOf)) {
    const backups = rows.map((row) => ({ ...row, at: row.started_at ?? row.created_at, policy, damaged: isLost(row.integrity) }));
    const plan = planRetention({ policy: policy ?? {}, timezone, now, backups, protections });
    keep.push(...plan.keep);
    remove.push(...plan.remove);
  }
  return { keep: keep.sort(newestFirst), remove: remove.sort(newestFirst) };
}

async function regimesOf(db: Db, database: Database, instead: Instead | undefined): Promise<{ own: Map<number, Regime>; rest: Regime }> {
  const policyOf = (schedule_id: number | null, saved: string | null): RetentionPolicy | null =>
    instead?.schedule_id === schedule_id ? instead.policy : retentionOf(saved);
  const own = new Map<number, Regime>();
  for (const { id, timezone, retention } of await listSchedules(db, "all", { database_id: database.id })) {
    const policy = policyOf(id, retention);
    if (policy !== null) own.set(id, { policy, timezone });
  }
  return { own, rest: { policy: policyOf(null, database.retention), timezone: "UTC" } };
}

function newestFirst(a: { readonly backup: Governed }, b: { readonly backup: Governed }): number {
  return b.backup.at.localeCompare(a.backup.at) || b.backup.id - a.backup.id;
}
