import type { Actor, Core } from "../jobs/deps.ts";
import { requireAdmin } from "../users/list.ts";
import { lastCatalogBackup, type CatalogBackup } from "./backup-catalog.ts";
import { recoveryKey } from "./key.ts";
import { placesForAll, type Place } from "./places.ts";

export interface RecoveryView {
  /** What copies of the catalog are encrypted to: a kit that was made with another opens older ones only. */
  readonly recipient: string;
  readonly places: Place[];
  readonly last_backup: CatalogBackup | null;
}

/** How this installation could be recovered. For admins. */
export async function getRecovery(core: Core, actor: Actor): Promise<RecoveryView> {
  requireAdmin(actor);
  const { recipient } = await recoveryKey(core);
  return { recipient, places: await placesForAll(core), last_backup: await lastCatalogBackup(core.db) ?? null };
}
