import { CheckResult, type Progress } from "@safebase/contracts";
import { durationOf } from "../backups/view.ts";
import type { CheckRow } from "../catalog/checks.ts";

/** A check as the API shows it. */
export type CheckView = ReturnType<typeof checkView>;

export function checkView(row: CheckRow, progress: Progress | null) {
  return {
    id: row.id, user_id: row.user_id, backup_id: row.backup_id, job_id: row.job_id,
    database_id: row.database_id, database_name: row.database_name, type: row.type,
    trigger: row.trigger, status: row.status, error_code: row.error_code, error_msg: row.error_msg, error_hint: row.error_hint,
    result: row.result, copies: row.copies === null ? [] : CheckResult.shape.copies.parse(JSON.parse(row.copies)), progress,
    duration_ms: durationOf(row), created_at: row.created_at, started_at: row.started_at, finished_at: row.finished_at, updated_at: row.updated_at,
  };
}
