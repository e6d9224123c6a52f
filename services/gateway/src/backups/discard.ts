import { SafebaseError } from "@safebase/contracts";
import { markDeleted, markPurged } from "../catalog/backups.ts";
import { copiesOf } from "../catalog/copies.ts";
import { deleteLog } from "../catalog/job-log.ts";
import { jobsOfBackup } from "../catalog/jobs.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { stopCopying } from "../copies/stop.ts";
import { deleteArtifact } from "../jobs/delete-artifact.ts";

/** Hides a locked backup at once, and has its artifact removed by an executor as soon as one can. */
export async function discardBackup(tx: Db, backup: Backup, at: string): Promise<void> {
  await markDeleted(tx, backup.id, at);
  await stopCopying(tx, backup.id, at);
  const [made] = await jobsOfBackup(tx, backup.id, "backup");
  if (made === undefined) throw new SafebaseError("internal", `backup ${backup.id} has no job`);
  // A job that never began has left nothing; nor is there anything to remove where its storages were forgotten.
  const left = backup.status === "completed" || made.attempts > 0 ? await copiesOf(tx, [backup.id]) : [];
  if (left.length === 0) await markPurged(tx, backup.id, at);
  else await deleteArtifact(tx, made, at);
  await deleteLog(tx, backup.id);
}
