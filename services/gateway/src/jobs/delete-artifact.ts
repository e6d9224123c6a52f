import { anyBackup } from "../catalog/backups.ts";
import { copyById } from "../catalog/copies.ts";
import { insertCopyJob, jobsOfCopy } from "../catalog/copy-jobs.ts";
import { insertJob, isFinal, jobsOfBackup } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;

/** Sees to it that what a backup has in its storage gets removed: one delete job at a time. */
export async function deleteArtifact(tx: Db, made: Job, at: string): Promise<void> {
  if (made.backup_id === null) throw new Error("a job without its backup");
  const before = await jobsOfBackup(tx, made.backup_id, "delete");
  if (before.some((job) => !isFinal(job.status))) return;
  await insertDelete(tx, { ...made, copy_id: null }, at, at);
}

/** The same for one copy of a backup that stays. */
export async function deleteCopyArtifact(tx: Db, made: Job, copyId: number, at: string): Promise<void> {
  await insertDelete(tx, { ...made, copy_id: copyId }, at, at);
}

/** A delete that failed is tried again, ever more rarely: the storage may come back. */
export async function retryDelete(tx: Db, failed: Job, at: string): Promise<void> {
  if (failed.backup_id === null) throw new Error("a job without its backup");
  if ((await anyBackup(tx, failed.backup_id)).purged_at !== null) return;
  if (failed.copy_id !== null && await copyById(tx, failed.copy_id) === undefined) return; // forgotten with its storage
  const tries = (failed.copy_id === null ? await jobsOfBackup(tx, failed.backup_id, "delete") : await jobsOfCopy(tx, failed.copy_id, "delete")).length;
  const delay_ms = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 20));
  await insertDelete(tx, failed, at, new Date(Date.parse(at) + delay_ms).toISOString());
}

async function insertDelete(tx: Db, like: Job, created_at: string, not_before: string): Promise<void> {
  const { user_id, executor_group, time_limit_s, stall_limit_s, backup_id, copy_id } = like;
  const job = { user_id, executor_group, time_limit_s, stall_limit_s, backup_id, kind: "delete", created_at, not_before } as const;
  if (copy_id === null) await insertJob(tx, job);
  else await insertCopyJob(tx, { ...job, copy_id });
}
