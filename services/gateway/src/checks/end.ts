import type { CheckResult, CopyState } from "@safebase/contracts";
import { insertAudit } from "../catalog/audit.ts";
import { anyBackup } from "../catalog/backups.ts";
import { anyCheck, finishCheck, setIntegrity } from "../catalog/checks.ts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { bestOf, failureOf, noteFindings } from "../copies/note.ts";
import { tellLost } from "../copies/tell.ts";
import { failureColumns, subject, type Outcome } from "../jobs/final.ts";
import { jobNotice } from "../jobs/job-notice.ts";
import { tell } from "../notifications/tell.ts";

/**
 * Ends a check with its job. What it found is noted with the backup and its copies, told when it is news, and repaired
 * where another copy is good. What it could not judge stays as it was known.
 */
export async function endCheck(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const id = subject(job.check_id);
  if (outcome.status !== "completed") return finishCheck(tx, id, { ...failureColumns(outcome), status: outcome.status, at });
  const { copies } = outcome.result as CheckResult;
  const result = bestOf(copies.map(({ state }) => state)) ?? "missing";
  await finishCheck(tx, id, { status: "completed", result, copies: JSON.stringify(copies), at });
  const { backup_id, trigger } = await anyCheck(tx, id);
  const backup = await anyBackup(tx, backup_id);
  if (backup.deleted_at !== null) return;
  const { best = result, lost } = await noteFindings(tx, backup_id, copies, { since: job.started_at, at });
  await setIntegrity(tx, backup_id, best, at);
  if (!isLost(best)) await tellLost(tx, "copy_damaged", lost, { backup, job, trigger, at });
  const isNews = isLost(best) ? best !== backup.integrity : isLost(backup.integrity);
  if (!isNews) return;
  await audit(tx, backup, best, id, at);
  if (!isLost(best)) return;
  await tell(tx, await jobNotice(tx, job, { kind: "backup_damaged", database_id: backup.database_id, backup, trigger, error: failureOf(best, copies), at }));
}

/** Can it not be counted on any more? */
export function isLost(integrity: Backup["integrity"]): integrity is "damaged" | "missing" {
  return integrity === "damaged" || integrity === "missing";
}

async function audit(tx: Db, backup: Backup, found: CopyState, check_id: number, at: string): Promise<void> {
  await insertAudit(tx, {
    at, user_id: backup.user_id, actor: "check", action: "backup.integrity", object_type: "backup", object_id: backup.id, ip: null,
    outcome: isLost(found) ? "failed" : "ok", detail: JSON.stringify({ before: backup.integrity, found, check_id, database_id: backup.database_id }),
  });
}
