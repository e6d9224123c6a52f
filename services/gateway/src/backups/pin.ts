import { lockBackup, setPinned } from "../catalog/backups.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { getBackup } from "./get.ts";
import type { BackupDetails } from "./view.ts";

/** Pins a backup, so that neither retention nor a hand removes it, or lets it go again. */
export async function pinBackup(deps: Deps, actor: Actor, input: { readonly id: number; readonly pinned: boolean }): Promise<BackupDetails> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockBackup(tx, input.id, actor.scope);
    if (row === undefined) throw missing("backup", input.id);
    if ((row.pinned === 1) === input.pinned) return;
    await setPinned(tx, row.id, input.pinned, deps.now().toISOString());
    await auditDone(tx, deps, actor, input.pinned ? "backup.pin" : "backup.unpin", { type: "backup", id: row.id }, { database_id: row.database_id });
  });
  const backup = await getBackup(deps, actor, input);
  await announceBackup(deps, backup.user_id, backup.id);
  return backup;
}
