import { listChecks as query, type CheckFilter } from "../catalog/checks.ts";
import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { checkView, type CheckView } from "./view.ts";

/** One page of checks, newest first. */
export async function listChecks(
  deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: Page & CheckFilter,
): Promise<{ checks: CheckView[]; pagination: Pagination }> {
  const { page, per_page, ...filter } = input;
  const { rows, total } = await query(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const checks = rows.map((row) => checkView(row, row.status === "running" ? deps.progress.of(row.job_id) : null));
  return { checks, pagination: paginate({ page, per_page }, total) };
}
