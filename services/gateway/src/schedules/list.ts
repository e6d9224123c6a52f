import { listSchedules as query } from "../catalog/schedules.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { currentSettings } from "../settings/get.ts";
import { scheduleViews, type ScheduleView } from "./view.ts";

/** All schedules, or those of one database. */
export async function listSchedules(
  deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: { database_id?: number | undefined } = {},
): Promise<{ schedules: ScheduleView[] }> {
  const rows = await query(deps.db, actor.scope, input);
  return { schedules: scheduleViews(rows, deps.now(), await currentSettings(deps.db)) };
}
