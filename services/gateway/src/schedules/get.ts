import { findSchedule } from "../catalog/schedules.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { currentSettings } from "../settings/get.ts";
import { runsOf, type Runs } from "./runs.ts";
import { scheduleView, type ScheduleView } from "./view.ts";

export async function getSchedule(deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<ScheduleView> {
  const row = await findSchedule(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("schedule", input.id);
  return scheduleView(row, deps.now(), await currentSettings(deps.db));
}

/** The same with how it has run. */
export async function getScheduleWithRuns(deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<ScheduleView & Runs> {
  const row = await findSchedule(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("schedule", input.id);
  const settings = await currentSettings(deps.db);
  const runs = await runsOf(deps.db, [row], deps.now(), settings.schedules_paused);
  return { ...scheduleView(row, deps.now(), settings), ...runs(row.id) };
}
