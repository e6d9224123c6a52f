import type { VerifyResult } from "@safebase/contracts";
import { anyBackup } from "../catalog/backups.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { anyVerification, finishVerification, markVerified } from "../catalog/verifications.ts";
import { notePassedOver } from "../copies/end.ts";
import { failureColumns, subject, type Outcome } from "../jobs/final.ts";
import { jobNotice } from "../jobs/job-notice.ts";
import { tell } from "../notifications/tell.ts";

/** Ends a verification with its job. One that completed is its backup's proof. */
export async function endVerification(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const id = subject(job.verification_id);
  const columns = outcome.status === "completed" ? foundColumns(outcome.result as VerifyResult)
    : { ...failureColumns(outcome), ...(outcome.status === "failed" && outcome.found !== undefined ? foundColumns(outcome.found) : {}) };
  await finishVerification(tx, id, { ...columns, status: outcome.status, at });
  if (outcome.status === "canceled") return;
  const { backup_id, trigger } = await anyVerification(tx, id);
  if (outcome.status === "completed") await markVerified(tx, backup_id, at);
  const backup = await anyBackup(tx, backup_id);
  await tell(tx, await jobNotice(tx, job, {
    kind: outcome.status === "completed" ? "verification_completed" : "verification_failed", database_id: backup.database_id, backup,
    verification_id: id, trigger, error: outcome.status === "failed" ? outcome.failure : null, at,
  }));
  if (outcome.status === "completed") await notePassedOver(tx, backup, job, (outcome.result as VerifyResult).passed_over, at);
}

function foundColumns({ tables, rows, differences, warnings }: VerifyResult) {
  return { tables, rows, differences: JSON.stringify(differences), warnings: JSON.stringify(warnings) };
}
