import { listObjectives as query, scheduleTimes, type ObjectiveFilter } from "../catalog/objectives.ts";
import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { objectiveView, type ObjectiveView } from "./view.ts";

/** One page of the objectives, by database. */
export async function listObjectives(
  deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, { page, per_page, ...filter }: Page & ObjectiveFilter,
): Promise<{ objectives: ObjectiveView[]; pagination: Pagination }> {
  const { rows, total } = await query(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const schedules = Map.groupBy(await scheduleTimes(deps.db, rows.map(({ database_id }) => database_id)), ({ database_id }) => database_id);
  return {
    objectives: rows.map((row) => objectiveView(row, schedules.get(row.database_id) ?? [], deps.now())),
    pagination: paginate({ page, per_page }, total),
  };
}
