import { nextPlanned, type Plan } from "@safebase/runtime";
import type { ScheduleRow } from "../catalog/schedules.ts";

/** The next run of each of these schedules, the first of them first. Most share their times with others. */
export function nextRuns(schedules: readonly ScheduleRow[], now: Date, limit: number) {
  const known = new Map<string, string | undefined>();
  const nextOf = (plan: Plan): string | undefined => {
    const key = `${plan.cron} ${plan.timezone}`;
    if (!known.has(key)) known.set(key, nextPlanned(plan, now)?.toISOString());
    return known.get(key);
  };
  return schedules.flatMap((row) => {
    const at = nextOf(row);
    return at === undefined ? [] : [{ schedule_id: row.id, name: row.name, database_id: row.database_id, database_name: row.database_name, user_id: row.user_id, at }];
  }).toSorted((one, other) => one.at.localeCompare(other.at) || one.schedule_id - other.schedule_id).slice(0, limit);
}
