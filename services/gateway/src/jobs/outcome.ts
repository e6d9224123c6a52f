import { posix } from "node:path";
import type { BackupResult, ErrorCode, Failure, RestoreResult } from "@safebase/contracts";
import { anyBackup, finishBackup, markPurged, statusBefore } from "../catalog/backups.ts";
import { copiesOf, deleteCopies, deleteCopy, setCopy } from "../catalog/copies.ts";
import { deleteLog, logJob } from "../catalog/job-log.ts";
import { finishJob, jobsAfter, stopWaiting } from "../catalog/jobs.ts";
import { anyRestore, finishRestore } from "../catalog/restores.ts";
import { endCheck } from "../checks/end.ts";
import { endCopy, notePassedOver } from "../copies/end.ts";
import { repairCopies } from "../copies/queue.ts";
import { tellLost } from "../copies/tell.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { recipientsColumn } from "../keys/identities.ts";
import { tell } from "../notifications/tell.ts";
import { verifyIfDue } from "../verifications/automatic.ts";
import { endVerification } from "../verifications/end.ts";
import { judged } from "../verifications/judge.ts";
import { retryDelete } from "./delete-artifact.ts";
import { failureColumns, subject, type Outcome } from "./final.ts";
import { jobNotice } from "./job-notice.ts";
import { linesOf } from "./outcome-lines.ts";

/**
 * Ends a job and what it is about, lets go or ends the jobs that wait for it, and puts the notice into the outbox:
 * all in the caller's transaction. Returns the jobs that ended; none when this one was over before.
 */
export async function endJob(tx: Db, job: Job, outcome: Outcome, at: string): Promise<Job[]> {
  const final = judged(await softened(tx, job, outcome));
  const ended = await finishJob(tx, job.id, final.status, at);
  if (ended === undefined) return [];
  await logJob(tx, ended, linesOf(final, at));
  if (job.kind === "backup") await endBackup(tx, ended, final, at);
  else if (job.kind === "restore") await endRestore(tx, ended, final, at);
  else if (job.kind === "verify") await endVerification(tx, ended, final, at);
  else if (job.kind === "check") await endCheck(tx, ended, final, at);
  else if (job.kind === "copy") await endCopy(tx, ended, final, at);
  else if (final.status === "completed") await purge(tx, job, at);
  else await retryDelete(tx, ended, at);
  return [ended, ...await settleWaiting(tx, ended, final, at)];
}

/** What was deleted has gone: a backup from all of its storages, or one of its copies. */
async function purge(tx: Db, { backup_id, copy_id }: Job, at: string): Promise<void> {
  if (copy_id !== null) return deleteCopy(tx, copy_id);
  const id = subject(backup_id);
  await markPurged(tx, id, at);
  await deleteCopies(tx, id);
  await deleteLog(tx, id);
}

/** A safety backup of a database that is not there has nothing to save: no failure. */
async function softened(tx: Db, job: Job, outcome: Outcome): Promise<Outcome> {
  if (job.kind !== "backup" || outcome.status !== "failed" || outcome.failure.code !== "database_missing") return outcome;
  if ((await anyBackup(tx, subject(job.backup_id))).trigger !== "safety") return outcome;
  return { status: "canceled", reason: NOTHING_TO_SAVE };
}

const NOTHING_TO_SAVE = "there was nothing to save: the database did not exist";

async function endBackup(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const id = subject(job.backup_id);
  const columns = outcome.status === "completed" ? backupColumns(outcome.result as BackupResult) : failureColumns(outcome);
  await finishBackup(tx, id, { ...columns, status: outcome.status, at });
  await settleCopies(tx, id, outcome, at);
  if (outcome.status === "canceled") return;
  const backup = await anyBackup(tx, id);
  await tell(tx, await jobNotice(tx, job, {
    kind: outcome.status === "failed" ? "backup_failed" : await statusBefore(tx, backup) === "failed" ? "backup_recovered" : "backup_completed",
    database_id: backup.database_id, backup, trigger: backup.trigger, error: outcome.status === "failed" ? outcome.failure : null, at,
  }));
  if (outcome.status !== "completed") return;
  const missing = (outcome.result as BackupResult).copies.filter(({ state }) => state !== "good");
  await tellLost(tx, "copy_missing", missing, { backup, job, trigger: backup.trigger, at });
  await repairCopies(tx, id, at);
  await verifyIfDue(tx, job, backup, at);
}

/** Those of which nothing else was said are as good as the backup. */
async function settleCopies(tx: Db, id: number, outcome: Outcome, at: string): Promise<void> {
  const found = outcome.status === "completed" ? (outcome.result as BackupResult).copies : [];
  for (const { storage } of await copiesOf(tx, [id])) {
    const { state, detail } = found.find((copy) => copy.storage === storage) ?? { state: outcome.status === "completed" ? "good" : "missing", detail: null };
    await setCopy(tx, id, storage, { state, detail, at });
  }
}

async function endRestore(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const id = subject(job.restore_id);
  const columns = outcome.status === "completed" ? restoreColumns(outcome.result as RestoreResult) : failureColumns(outcome);
  await finishRestore(tx, id, { ...columns, status: outcome.status, at });
  if (outcome.status === "canceled") return;
  const restore = await anyRestore(tx, id);
  const backup = await anyBackup(tx, restore.backup_id);
  await tell(tx, await jobNotice(tx, job, {
    kind: outcome.status === "completed" ? "restore_completed" : "restore_failed",
    database_id: restore.target_database_id, backup, restore_id: id, trigger: null,
    error: outcome.status === "failed" ? outcome.failure : null, at,
  }));
  if (outcome.status === "completed") await notePassedOver(tx, backup, job, (outcome.result as RestoreResult).passed_over, at);
}

function backupColumns(result: BackupResult) {
  return {
    filename: posix.basename(result.key), filepath: result.key, size_bytes: result.size_bytes, raw_size_bytes: result.raw_size_bytes,
    sha256: result.sha256, parts: result.parts === null ? null : JSON.stringify(result.parts), recipients: recipientsColumn(result.recipients), server: result.server, tool: result.tool, contents: JSON.stringify(result.contents),
    warnings: JSON.stringify(result.warnings),
  };
}

function restoreColumns(result: RestoreResult) {
  return { replaced: result.replaced ? 1 : 0, warnings: JSON.stringify(result.warnings) };
}

/** A restore waits for its safety backup: without one it does not begin, unless there was nothing to save. */
async function settleWaiting(tx: Db, ended: Job, outcome: Outcome, at: string): Promise<Job[]> {
  if (outcome.status === "completed") return [];
  const endedToo: Job[] = [];
  for (const waiting of await jobsAfter(tx, ended.id)) {
    if (outcome.status === "canceled" && outcome.reason === NOTHING_TO_SAVE) await stopWaiting(tx, waiting.id);
    else endedToo.push(...await endJob(tx, waiting, { status: "failed", failure: untouched(outcome) }, at));
  }
  return endedToo;
}

function untouched(outcome: Exclude<Outcome, { status: "completed" }>): Failure {
  if (outcome.status === "canceled") return { code: "canceled", message: "the safety backup was canceled, so the target was not touched" };
  const { code, message, hint } = outcome.failure;
  const ways = UNREACHED.has(code) ? "" : WAYS_OUT;
  return { code, message: `the safety backup failed, so the target was not touched: ${message}${ways}`, ...(hint === undefined ? {} : { hint }) };
}

/** There is no way around a server that does not let us in. */
const UNREACHED: ReadonlySet<ErrorCode> = new Set(["unreachable", "auth_failed", "tls_failed"]);
const WAYS_OUT = " (where that cannot be put right, there are two ways: restore under a new name, with target.db_name; or order the restore again"
  + " with safety_backup: false, which replaces the target without a way back)";
