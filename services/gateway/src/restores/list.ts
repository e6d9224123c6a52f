import { listRestores as query, type RestoreFilter } from "../catalog/restores.ts";
import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { restoreView, type RestoreView } from "./view.ts";

export type ListRestoresInput = Page & RestoreFilter;

/** One page of restores, newest first. */
export async function listRestores(
  deps: Pick<Deps, "db" | "progress" | "now">, actor: Pick<Actor, "scope">, input: ListRestoresInput,
): Promise<{ restores: RestoreView[]; pagination: Pagination }> {
  const { page, per_page, ...filter } = input;
  const { rows, total } = await query(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const restores = rows.map((row) => restoreView(row, row.status === "running" ? deps.progress.of(row.job_id) : null, deps.now()));
  return { restores, pagination: paginate({ page, per_page }, total) };
}
