import { recordAudit } from "../audit/record.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { requireAdmin } from "../users/list.ts";
import { backUpCatalog, requireStored, type CatalogBackup } from "./backup-catalog.ts";

/** Backs the catalog up now, and waits for it. For admins. */
export async function orderCatalogBackup(deps: Deps, actor: Actor): Promise<CatalogBackup> {
  requireAdmin(actor);
  const done = await backUpCatalog(deps, deps.dispatcher);
  const stored = done.storages.filter(({ ok }) => ok).map(({ storage }) => storage);
  await recordAudit(deps.db, { actor, action: "recovery.backup", outcome: stored.length > 0 ? "ok" : "failed", detail: { key: done.key, storages: stored } });
  return requireStored(done);
}
