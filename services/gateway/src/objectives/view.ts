import { nextPlanned } from "@safebase/runtime";
import type { ObjectiveRow, ScheduleTimes } from "../catalog/objectives.ts";
import { elapsed_s } from "./judge.ts";
import { limitOf } from "./limit.ts";

/** An objective as the API shows it. `schedules` are the enabled ones of its database. */
export type ObjectiveView = ReturnType<typeof objectiveView>;

export function objectiveView(row: ObjectiveRow, schedules: readonly ScheduleTimes[], now: Date) {
  const limit = limitOf(row, schedules, now);
  return {
    id: row.id, user_id: row.user_id, user_email: row.user_email, database_id: row.database_id, database_name: row.database_name, kind: row.kind,
    enabled: row.enabled === 1, max_age_s: row.max_age_s, state: row.state, state_since: row.state_since,
    limit_s: limit?.limit_s ?? null, automatic: row.max_age_s === null,
    newest_at: row.newest_at, age_s: row.newest_at === null ? null : Math.round(elapsed_s(row.newest_at, now)),
    next_run_at: nextRun(row, schedules, now), created_at: row.created_at, updated_at: row.updated_at,
  };
}

/** When the next backup is planned; for a verification, the next of those that are proved from time to time. */
function nextRun({ kind }: ObjectiveRow, schedules: readonly ScheduleTimes[], now: Date): string | null {
  const counting = schedules.filter(({ verify_every }) => kind === "backup" || verify_every !== null);
  const runs = counting.flatMap((plan) => nextPlanned(plan, now)?.toISOString() ?? []);
  return runs.toSorted()[0] ?? null;
}
