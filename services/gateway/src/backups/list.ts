import { listBackups as query, type BackupFilter } from "../catalog/backup-list.ts";
import { copiesOf } from "../catalog/copies.ts";
import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { backupView, type BackupView } from "./view.ts";

export type ListBackupsInput = Page & BackupFilter;

/** One page of backups, newest first. */
export async function listBackups(
  deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: ListBackupsInput,
): Promise<{ backups: BackupView[]; pagination: Pagination }> {
  const { page, per_page, ...filter } = input;
  const { rows, total } = await query(deps.db, actor.scope, filter, { limit: per_page, offset: (page - 1) * per_page });
  const copies = Map.groupBy(await copiesOf(deps.db, rows.map(({ id }) => id)), ({ backup_id }) => backup_id);
  const backups = rows.map((row) => backupView(row, row.status === "running" ? deps.progress.of(row.job_id) : null, copies.get(row.id) ?? []));
  return { backups, pagination: paginate({ page, per_page }, total) };
}
