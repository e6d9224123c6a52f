import { SafebaseError } from "@safebase/contracts";
import { copiesOf } from "../catalog/copies.ts";
import { insertCopyJob, jobsOfCopy } from "../catalog/copy-jobs.ts";
import { jobsOfBackup } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Copy } from "../catalog/storages-schema.ts";

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 6 * 3_600_000;

/** Has all copies of a backup made good that were found damaged or missing, where there is a good one: one job at a time for each. */
export async function repairCopies(tx: Db, backupId: number, at: string): Promise<void> {
  const copies = await copiesOf(tx, [backupId]);
  if (!copies.some(({ state }) => state === "good")) return;
  for (const copy of copies) if (copy.state === "damaged" || copy.state === "missing") await queueCopy(tx, copy, at);
}

/** A job for the executors that made the backup: they reach its storages. Undefined when one is open. */
export async function queueCopy(tx: Db, copy: Copy, at: string, not_before = at): Promise<Job | undefined> {
  const [made] = await jobsOfBackup(tx, copy.backup_id, "backup");
  if (made === undefined) throw new SafebaseError("internal", `backup ${copy.backup_id} has no job`);
  const { user_id, executor_group, time_limit_s, stall_limit_s, backup_id } = made;
  return insertCopyJob(tx, { kind: "copy", user_id, executor_group, time_limit_s, stall_limit_s, backup_id, copy_id: copy.id, created_at: at, not_before });
}

/** One that failed is tried again, ever more rarely, for as long as there is something to copy: the storage may come back. */
export async function retryCopy(tx: Db, copy: Copy, at: string): Promise<void> {
  const others = await copiesOf(tx, [copy.backup_id]);
  if (!others.some(({ id, state }) => id !== copy.id && state === "good")) return;
  const jobs = await jobsOfCopy(tx, copy.id, "copy");
  const failed = jobs.findIndex(({ status }) => status === "completed");
  const tries = failed === -1 ? jobs.length : failed;
  const delay_ms = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(Math.max(0, tries - 1), 20));
  await queueCopy(tx, copy, at, new Date(Date.parse(at) + delay_ms).toISOString());
}
