import type { CopyResult, Failure } from "@safebase/contracts";
import { insertAudit } from "../catalog/audit.ts";
import { anyBackup } from "../catalog/backups.ts";
import { openCheckUsing } from "../catalog/checks.ts";
import { copyById, setCopy, setCopyDetail } from "../catalog/copies.ts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Copy } from "../catalog/storages-schema.ts";
import { queueCheck } from "../checks/queue.ts";
import { subject, type Outcome } from "../jobs/final.ts";
import { jobNotice } from "../jobs/job-notice.ts";
import { tell } from "../notifications/tell.ts";
import { noteFindings } from "./note.ts";
import { retryCopy } from "./queue.ts";
import { tellLost } from "./tell.ts";

/** Ends the making of a copy with its job. One that was canceled by a hand is left to hands, and to the next check. */
export async function endCopy(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const copy = await copyById(tx, subject(job.copy_id));
  const backup = await anyBackup(tx, subject(job.backup_id));
  if (copy === undefined || copy.deleted_at !== null || backup.deleted_at !== null || outcome.status === "canceled") return;
  if (outcome.status === "failed") return failed(tx, { copy, backup, job }, outcome.failure, at);
  await setCopy(tx, backup.id, copy.storage, { state: "good", detail: null, checked_at: null, at });
  await audit(tx, copy, backup, at);
  if (copy.state === "damaged" || copy.state === "missing") {
    await tell(tx, await jobNotice(tx, job, { kind: "copy_repaired", database_id: backup.database_id, backup, trigger: null, copies: [copy.storage], error: null, at }));
  }
  await notePassedOver(tx, backup, job, (outcome.result as CopyResult).passed_over, at);
}

/** What a job found of copies that it could not use, on its way to one that it could. */
export async function notePassedOver(tx: Db, backup: Backup, job: Job, passed_over: CopyResult["passed_over"], at: string): Promise<void> {
  if (passed_over.length === 0 || backup.deleted_at !== null) return;
  const { lost } = await noteFindings(tx, backup.id, passed_over, { since: job.started_at, at });
  await tellLost(tx, "copy_damaged", lost, { backup, job, trigger: null, at });
}

interface Failed { readonly copy: Copy; readonly backup: Backup; readonly job: Job }

async function failed(tx: Db, { copy, backup, job }: Failed, { code, message }: Failure, at: string): Promise<void> {
  await setCopyDetail(tx, copy.id, message, at);
  await retryCopy(tx, copy, at);
  // What it was to be copied from is not good either: which copies are, a check tells.
  if ((code !== "artifact_damaged" && code !== "artifact_missing") || await openCheckUsing(tx, backup.id) !== undefined) return;
  await queueCheck(tx, backup, { trigger: "scheduled", time_limit_s: job.time_limit_s, stall_limit_s: job.stall_limit_s, at });
}

async function audit(tx: Db, { storage, state }: Copy, backup: Backup, at: string): Promise<void> {
  await insertAudit(tx, {
    at, user_id: backup.user_id, actor: "copy", action: "backup.copy", object_type: "backup", object_id: backup.id, ip: null, outcome: "ok",
    detail: JSON.stringify({ storage, before: state, database_id: backup.database_id }),
  });
}
