import { anyBackup } from "../catalog/backups.ts";
import { checkAtWork } from "../catalog/checks.ts";
import { copyAtWork, openCopyJobs } from "../catalog/copy-jobs.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { backupAtWork, claimJob, restoreAtWork } from "../catalog/jobs.ts";
import { anyRestore } from "../catalog/restores.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { dumpsOut, lockPlace, lockServer } from "../catalog/turns.ts";
import { anyVerification, verificationAtWork } from "../catalog/verifications.ts";

/** Takes the right to publish a job's command, in a transaction. False when it has to wait, or another gateway was first. */
export async function claim(tx: Db, job: Job, at: string, dumpsPerServer: number): Promise<boolean> {
  return await mayRun(tx, job, at, dumpsPerServer) && await claimJob(tx, job.id, at);
}

async function mayRun(tx: Db, job: Job, at: string, dumpsPerServer: number): Promise<boolean> {
  if (job.kind === "backup" && job.backup_id !== null) return mayDump(tx, job, (await anyBackup(tx, job.backup_id)).database_id, at, dumpsPerServer);
  if (job.kind === "restore" && job.restore_id !== null) return mayRestore(tx, job.restore_id);
  if (job.kind === "verify" && job.verification_id !== null) return mayVerify(tx, job, (await anyVerification(tx, job.verification_id)).target_database_id);
  // One at a time in a group, so that they never keep backups waiting; two gateways may let a second one slip through, which does no harm.
  if (job.kind === "check") return !await checkAtWork(tx, job.executor_group);
  if (job.kind === "copy") return !await copyAtWork(tx, job.executor_group);
  if (job.kind !== "delete" || job.backup_id === null) return true;
  // What an executor still writes would be left.
  return !(await openCopyJobs(tx, job.backup_id, job.copy_id ?? undefined)).some(({ published_at }) => published_at !== null);
}

/**
 * A backup and a restore in place never work on the same database at once: a dump of a half-loaded database would be
 * called completed. The one that comes second waits. Claimed under the lock of that database, whoever registered it, so that
 * both cannot be first; and under the server's, which is dumped no more often at once than it is allowed.
 */
async function mayDump(tx: Db, { executor_group }: Job, databaseId: number, at: string, dumpsPerServer: number): Promise<boolean> {
  const database = await lockDatabase(tx, databaseId, "all");
  if (database === undefined) return true; // it fails, and says why
  await lockPlace(tx, database);
  if (await restoreAtWork(tx, database, at)) return false;
  const server = { host: database.host, port: database.port, executor_group };
  await lockServer(tx, server);
  return await dumpsOut(tx, server) < dumpsPerServer;
}

async function mayRestore(tx: Db, restoreId: number): Promise<boolean> {
  const restore = await anyRestore(tx, restoreId);
  const database = await lockDatabase(tx, restore.target_database_id, "all");
  if (database === undefined || restore.must_be_new === 1) return true;
  const place = { ...database, db_name: restore.target_db_name };
  await lockPlace(tx, place);
  return !await backupAtWork(tx, place);
}

/** A server is spared more than one at a time. */
async function mayVerify(tx: Db, { executor_group }: Job, databaseId: number): Promise<boolean> {
  const database = await lockDatabase(tx, databaseId, "all");
  if (database === undefined) return true;
  const server = { host: database.host, port: database.port, executor_group };
  await lockServer(tx, server);
  return !await verificationAtWork(tx, server);
}
