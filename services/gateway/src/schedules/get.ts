import { findSchedule } from "../catalog/schedules.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { currentSettings } from "../settings/get.ts";
import { scheduleView, type ScheduleView } from "./view.ts";

export async function getSchedule(deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<ScheduleView> {
  const row = await findSchedule(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("schedule", input.id);
  return scheduleView(row, deps.now(), await currentSettings(deps.db));
}
