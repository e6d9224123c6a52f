import { SafebaseError } from "@safebase/contracts";
import { getBackup } from "../backups/get.ts";
import type { BackupDetails } from "../backups/view.ts";
import { hurryCopy } from "../catalog/copy-jobs.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { copyIn, lockStored, requireOther, type CopyInput } from "./find.ts";
import { queueCopy } from "./queue.ts";

/** Has a copy that is not good made anew now, whenever it would have been tried next. */
export async function retryCopyNow(deps: Deps, actor: Actor, input: CopyInput): Promise<BackupDetails> {
  const at = deps.now().toISOString();
  const backup = await deps.db.transaction().execute(async (tx) => {
    const stored = await lockStored(tx, actor, input.backup_id);
    const copy = copyIn(stored.copies, input);
    if (copy.state === "good") throw new SafebaseError("conflict", `the copy of backup ${input.backup_id} in ${input.storage} is good`);
    requireOther(stored.copies, input, "have it checked first");
    if (copy.job_id === null) await queueCopy(tx, copy, at);
    else await hurryCopy(tx, copy.job_id, at);
    await auditDone(tx, deps, actor, "backup.copy.retry", { type: "backup", id: stored.backup.id }, { storage: input.storage });
    return stored.backup;
  });
  deps.dispatcher.kick();
  await announceBackup(deps, backup.user_id, backup.id);
  return getBackup(deps, actor, { id: backup.id });
}
