import { nextPlannedTimes, type Plan } from "@safebase/runtime";
import { partsOf } from "../backups/parts.ts";
import type { ScheduleRow } from "../catalog/schedules.ts";
import { retentionOf } from "../databases/view.ts";
import type { CurrentSettings } from "../settings/get.ts";
import { namesOf } from "../storages/named.ts";

const SHOWN = 5;

/** A schedule as the API shows it; without next runs while it is disabled, or all are paused. */
export type ScheduleView = ReturnType<typeof scheduleView>;

export function scheduleView(row: ScheduleRow, now: Date, settings: CurrentSettings, timesOf: (plan: Plan) => readonly string[] = (plan) => nextTimes(plan, now)) {
  const paused = settings.schedules_paused;
  const next_runs = row.enabled === 1 && !paused ? timesOf(row) : [];
  return {
    id: row.id, user_id: row.user_id, database_id: row.database_id, database_name: row.database_name, name: row.name,
    cron: row.cron, timezone: row.timezone, enabled: row.enabled === 1, paused, format: row.format, compression: row.compression, ...partsOf(row),
    storages: namesOf(row.storages), effective_storages: [...namesOf(row.storages ?? row.database_storages) ?? settings.default_storages], retention: retentionOf(row.retention), jitter_s: row.jitter_s,
    verify_every: row.verify_every, verify_database_id: row.verify_database_id,
    next_run_at: next_runs[0] ?? null, next_runs: [...next_runs], created_at: row.created_at, updated_at: row.updated_at,
  };
}

/** The same for many, of which most share their times with others. */
export function scheduleViews(rows: readonly ScheduleRow[], now: Date, settings: CurrentSettings): ScheduleView[] {
  const known = new Map<string, readonly string[]>();
  const timesOf = (plan: Plan): readonly string[] => {
    const key = `${plan.cron} ${plan.timezone}`;
    const times = known.get(key) ?? nextTimes(plan, now);
    known.set(key, times);
    return times;
  };
  return rows.map((row) => scheduleView(row, now, settings, timesOf));
}

function nextTimes(plan: Plan, now: Date): readonly string[] {
  return nextPlannedTimes(plan, now, SHOWN).map((time) => time.toISOString());
}
