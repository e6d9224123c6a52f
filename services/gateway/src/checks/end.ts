import type { CheckResult, CopyState, Failure } from "@safebase/contracts";
import { insertAudit } from "../catalog/audit.ts";
import { anyBackup } from "../catalog/backups.ts";
import { setCopy } from "../catalog/copies.ts";
import { anyCheck, finishCheck, setIntegrity } from "../catalog/checks.ts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { failureColumns, subject, type Outcome } from "../jobs/final.ts";
import { jobNotice } from "../jobs/job-notice.ts";
import { tell } from "../notifications/tell.ts";

/** Ends a check with its job. What it found is noted with the backup, and told when it is news. */
export async function endCheck(tx: Db, job: Job, outcome: Outcome, at: string): Promise<void> {
  const id = subject(job.check_id);
  if (outcome.status !== "completed") return finishCheck(tx, id, { ...failureColumns(outcome), status: outcome.status, at });
  const { copies } = outcome.result as CheckResult;
  const result = resultOf(copies);
  await finishCheck(tx, id, { status: "completed", result, copies: JSON.stringify(copies), at });
  const { backup_id, trigger } = await anyCheck(tx, id);
  const backup = await anyBackup(tx, backup_id);
  for (const { storage, state, detail } of copies) await setCopy(tx, backup_id, storage, { state, detail, checked_at: at, at });
  if (backup.deleted_at !== null) return;
  await setIntegrity(tx, backup_id, result, at);
  const isNews = isLost(result) ? result !== backup.integrity : isLost(backup.integrity);
  if (!isNews) return;
  await audit(tx, backup, result, id, at);
  if (!isLost(result)) return;
  await tell(tx, await jobNotice(tx, job, { kind: "backup_damaged", database_id: backup.database_id, backup, trigger, error: failureOf(result, copies), at }));
}

/** A backup is as good as the best of its copies. */
function resultOf(copies: CheckResult["copies"]): CopyState {
  const best = (["good", "damaged"] as const).find((state) => copies.some((copy) => copy.state === state));
  return best ?? "missing";
}

/** Can it not be counted on any more? */
export function isLost(integrity: Backup["integrity"]): integrity is "damaged" | "missing" {
  return integrity === "damaged" || integrity === "missing";
}

function failureOf(result: "damaged" | "missing", copies: CheckResult["copies"]): Failure {
  const found = copies.flatMap(({ storage, detail }) => (detail === null ? [] : [`in ${storage}: ${detail}`])).join("; ");
  return { code: result === "missing" ? "artifact_missing" : "artifact_damaged", message: found };
}

async function audit(tx: Db, backup: Backup, found: CopyState, check_id: number, at: string): Promise<void> {
  await insertAudit(tx, {
    at, user_id: backup.user_id, actor: "check", action: "backup.integrity", object_type: "backup", object_id: backup.id, ip: null,
    outcome: isLost(found) ? "failed" : "ok", detail: JSON.stringify({ before: backup.integrity, found, check_id, database_id: backup.database_id }),
  });
}
