import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import { listVerifications as query, type VerificationFilter } from "../catalog/verifications.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { verificationView, type VerificationView } from "./view.ts";

/** One page of verifications, newest first. */
export async function listVerifications(
  deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: Page & VerificationFilter,
): Promise<{ verifications: VerificationView[]; pagination: Pagination }> {
  const { page, per_page, ...filter } = input;
  const { rows, total } = await query(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const verifications = rows.map((row) => verificationView(row, row.status === "running" ? deps.progress.of(row.job_id) : null));
  return { verifications, pagination: paginate({ page, per_page }, total) };
}
