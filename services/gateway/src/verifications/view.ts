import { VerifyResult, type Progress } from "@safebase/contracts";
import { durationOf, warningsOf } from "../backups/view.ts";
import type { VerificationRow } from "../catalog/verifications.ts";

/** A verification as the API shows it. The database is the backup's; the target's server is where it is restored. */
export type VerificationView = ReturnType<typeof verificationView>;

export function verificationView(row: VerificationRow, progress: Progress | null) {
  return {
    id: row.id, user_id: row.user_id, backup_id: row.backup_id, job_id: row.job_id,
    database_id: row.database_id, database_name: row.database_name, type: row.type,
    target_database_id: row.target_database_id, target_database_name: row.target_database_name, scratch_db_name: row.scratch_db_name,
    trigger: row.trigger, status: row.status, error_code: row.error_code, error_msg: row.error_msg, error_hint: row.error_hint,
    tables: row.tables, rows: row.rows, differences: differencesOf(row.differences), warnings: warningsOf(row.warnings), progress,
    duration_ms: durationOf(row), created_at: row.created_at, started_at: row.started_at, finished_at: row.finished_at, updated_at: row.updated_at,
  };
}

function differencesOf(json: string | null): VerifyResult["differences"] {
  return json === null ? [] : VerifyResult.shape.differences.parse(JSON.parse(json));
}
