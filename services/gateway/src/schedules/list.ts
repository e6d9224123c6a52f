import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import { pageOfSchedules, type ScheduleFilter } from "../catalog/schedules.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { currentSettings } from "../settings/get.ts";
import { runsOf, type Runs } from "./runs.ts";
import { scheduleViews, type ScheduleView } from "./view.ts";

/** One page of the schedules, by database, with how they have run. */
export async function listSchedules(
  deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, { page, per_page, ...filter }: Page & ScheduleFilter,
): Promise<{ schedules: (ScheduleView & Runs)[]; pagination: Pagination }> {
  const { rows, total } = await pageOfSchedules(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const settings = await currentSettings(deps.db);
  const runs = await runsOf(deps.db, rows, deps.now(), settings.schedules_paused);
  return { schedules: scheduleViews(rows, deps.now(), settings).map((view) => ({ ...view, ...runs(view.id) })), pagination: paginate({ page, per_page }, total) };
}
