import { SafebaseError } from "@safebase/contracts";
import { lockBackup, markDeleted, markPurged } from "../catalog/backups.ts";
import { isFinal, jobsOfBackup } from "../catalog/jobs.ts";
import { openRestoreUsing } from "../catalog/restores.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import { deleteArtifact } from "../jobs/delete-artifact.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

/** Deletes a backup: hidden at once, its artifact removed by an executor as soon as one can. */
export async function deleteBackup(deps: Deps, actor: Actor, input: { id: number }): Promise<void> {
  const backup = await deps.db.transaction().execute(async (tx) => {
    const row = await lockBackup(tx, input.id, actor.scope);
    if (row === undefined) throw missing("backup", input.id);
    await refuseWhileNeeded(tx, row);
    const at = deps.now().toISOString();
    await markDeleted(tx, row.id, at);
    await removeRemains(tx, row, at);
    await auditDone(tx, deps, actor, "backup.delete", { type: "backup", id: row.id }, { database_id: row.database_id, filename: row.filename });
    return row;
  });
  deps.dispatcher.kick();
  await announceBackup(deps, backup.user_id, backup.id);
}

async function refuseWhileNeeded(tx: Db, backup: Backup): Promise<void> {
  if (!isFinal(backup.status)) {
    throw new SafebaseError("conflict", `backup ${backup.id} is ${backup.status}`, { hint: "cancel it first" });
  }
  const restore = await openRestoreUsing(tx, backup.id);
  if (restore === undefined) return;
  throw new SafebaseError("conflict", `restore ${restore.id} needs backup ${backup.id}`, { hint: "wait until it is over, or cancel it" });
}

/** A job that never began has left nothing. */
async function removeRemains(tx: Db, backup: Backup, at: string): Promise<void> {
  const [made] = await jobsOfBackup(tx, backup.id, "backup");
  if (made === undefined) throw new SafebaseError("internal", `backup ${backup.id} has no job`);
  if (backup.status !== "completed" && made.attempts === 0) await markPurged(tx, backup.id, at);
  else await deleteArtifact(tx, made, at);
}
