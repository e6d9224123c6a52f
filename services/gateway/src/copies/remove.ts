import { SafebaseError } from "@safebase/contracts";
import { refuseWhileRead } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import type { BackupDetails } from "../backups/view.ts";
import { markCopyDeleted } from "../catalog/copies.ts";
import { jobsOfBackup } from "../catalog/jobs.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import { deleteCopyArtifact } from "../jobs/delete-artifact.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { copyIn, lockStored, requireOther, type CopyInput } from "./find.ts";
import { stopCopying } from "./stop.ts";

/** Removes a backup from one of its storages: hidden at once, removed by an executor as soon as one can. Another good copy stays. */
export async function removeCopy(deps: Deps, actor: Actor, input: CopyInput): Promise<BackupDetails> {
  const at = deps.now().toISOString();
  const backup = await deps.db.transaction().execute(async (tx) => {
    const stored = await lockStored(tx, actor, input.backup_id);
    const copy = copyIn(stored.copies, input);
    requireOther(stored.copies, input, "to remove it from everywhere delete the backup");
    await refuseWhileRead(tx, stored.backup);
    const [made] = await jobsOfBackup(tx, stored.backup.id, "backup");
    if (made === undefined) throw new SafebaseError("internal", `backup ${stored.backup.id} has no job`);
    await markCopyDeleted(tx, copy.id, at);
    await stopCopying(tx, stored.backup.id, at, copy.id);
    await deleteCopyArtifact(tx, made, copy.id, at);
    await auditDone(tx, deps, actor, "backup.copy.delete", { type: "backup", id: stored.backup.id }, { storage: input.storage, state: copy.state });
    return stored.backup;
  });
  deps.dispatcher.kick();
  await announceBackup(deps, backup.user_id, backup.id);
  return getBackup(deps, actor, { id: backup.id });
}
