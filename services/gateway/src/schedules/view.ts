import { Cron } from "croner";
import type { ScheduleRow } from "../catalog/schedules.ts";

/** A schedule as the API shows it; `next_run_at` is null while it is disabled. */
export type ScheduleView = ReturnType<typeof scheduleView>;

export function scheduleView(row: ScheduleRow, now: Date) {
  return {
    id: row.id, user_id: row.user_id, database_id: row.database_id, database_name: row.database_name, name: row.name,
    cron: row.cron, timezone: row.timezone, enabled: row.enabled === 1, format: row.format, compression: row.compression,
    next_run_at: row.enabled === 1 ? (new Cron(row.cron, { timezone: row.timezone, paused: true }).nextRun(now)?.toISOString() ?? null) : null,
    created_at: row.created_at, updated_at: row.updated_at,
  };
}
