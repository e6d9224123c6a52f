import { openCopyJobs } from "../catalog/copy-jobs.ts";
import { finishJob, markCancelRequested } from "../catalog/jobs.ts";
import type { Db } from "../catalog/scope.ts";

/**
 * Ends the making of a backup's copies, or of one, since they are to go: at once where no executor can have the job, else
 * by the reconciliation. What is deleted meanwhile waits for that.
 */
export async function stopCopying(tx: Db, backupId: number, at: string, copyId?: number): Promise<void> {
  for (const { id } of await openCopyJobs(tx, backupId, copyId)) {
    const job = await markCancelRequested(tx, id, at);
    if (job?.published_at === null) await finishJob(tx, id, "canceled", at);
  }
}
