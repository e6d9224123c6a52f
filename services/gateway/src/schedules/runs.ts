import { lastPlanned } from "@safebase/runtime";
import { lastRuns, newestPlanned, type RunRow } from "../catalog/schedule-runs.ts";
import type { ScheduleRow } from "../catalog/schedules.ts";
import type { Db } from "../catalog/scope.ts";

const SHOWN = 10;
/** What is due later than it should by less is on its way. */
const GRACE_MS = 120_000;

/** Whose a schedule is, and how it has run: its last backups, the newest last, and the planned time that made none, if the last one did not. */
export interface Runs { readonly user_email: string; readonly last_runs: RunRow[]; readonly missed_at: string | null }

/** The same of several, by their ids. */
export async function runsOf(db: Db, schedules: readonly ScheduleRow[], now: Date, paused: boolean): Promise<(id: number) => Runs> {
  const ids = schedules.map(({ id }) => id);
  const [runs, planned] = [Map.groupBy(await lastRuns(db, ids, SHOWN), ({ schedule_id }) => schedule_id), new Map((await newestPlanned(db, ids)).map((one) => [one.schedule_id, one.planned_at]))];
  const missed = new Map(paused ? [] : schedules.map((schedule) => [schedule.id, missedAt(schedule, runs.get(schedule.id)?.[0], planned.get(schedule.id), now)]));
  const owners = new Map(schedules.map(({ id, user_email }) => [id, user_email]));
  return (id) => ({ user_email: owners.get(id) ?? "", last_runs: (runs.get(id) ?? []).toReversed(), missed_at: missed.get(id) ?? null });
}

/** While a backup runs, the next one waits for another time, and nothing is missed. */
function missedAt(schedule: ScheduleRow, newest: RunRow | undefined, planned_at: string | undefined, now: Date): string | null {
  if (schedule.enabled !== 1 || newest?.status === "pending" || newest?.status === "running") return null;
  const due = lastPlanned(schedule, new Date(now.getTime() - GRACE_MS - schedule.jitter_s * 1000))?.toISOString();
  return due === undefined || due <= schedule.effective_from || (planned_at !== undefined && planned_at >= due) ? null : due;
}
