import { pageOfAudit, type AuditFilter } from "../catalog/audit.ts";
import { paginate } from "../catalog/page.ts";
import type { Actor, Core } from "../jobs/deps.ts";

export interface AuditQuery extends Omit<AuditFilter, "user_id"> { readonly page: number; readonly per_page: number }

/** One's own entries; everybody's for an admin who asks for all. */
export async function listAudit(deps: Pick<Core, "db">, actor: Actor, { page, per_page, ...filter }: AuditQuery) {
  const owner = actor.scope === "all" ? undefined : actor.scope.user_id;
  const { rows, total } = await pageOfAudit(deps.db, { ...filter, user_id: owner }, { limit: per_page, offset: (page - 1) * per_page });
  const entries = rows.map((row) => ({ ...row, detail: row.detail === null ? null : JSON.parse(row.detail) as Record<string, unknown> }));
  return { entries, pagination: paginate({ page, per_page }, total) };
}
