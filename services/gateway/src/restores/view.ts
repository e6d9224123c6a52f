import type { Progress } from "@safebase/contracts";
import { durationOf, warningsOf } from "../backups/view.ts";
import type { RestoreRow } from "../catalog/restores.ts";

/** A restore as the API shows it. `starts_at`: until then, and before it runs, it can be canceled for nothing. */
export type RestoreView = ReturnType<typeof restoreView>;

export function restoreView(row: RestoreRow, progress: Progress | null, now: Date) {
  return {
    id: row.id, user_id: row.user_id, backup_id: row.backup_id, job_id: row.job_id,
    source_database_id: row.source_database_id, source_database_name: row.source_database_name, backup_created_at: row.backup_created_at,
    database_id: row.target_database_id, database_name: row.database_name, type: row.type,
    target_db_name: row.target_db_name, must_be_new: row.must_be_new === 1, replaced: row.replaced === null ? null : row.replaced === 1,
    safety_backup_id: row.safety_backup_id, safety_status: row.safety_status, note: noteOf(row),
    status: row.status, error_code: row.error_code, error_msg: row.error_msg, error_hint: row.error_hint, warnings: warningsOf(row.warnings), progress,
    starts_at: row.not_before, starts_in_s: row.status === "pending" ? Math.max(0, Math.ceil((Date.parse(row.not_before) - now.getTime()) / 1000)) : null,
    duration_ms: durationOf(row), created_at: row.created_at, started_at: row.started_at, finished_at: row.finished_at, updated_at: row.updated_at,
  };
}

/** What becomes of the target if the restore fails, in a sentence. */
function noteOf(row: RestoreRow): string {
  if (row.must_be_new === 1) return `a new database ${row.target_db_name} is made; none of that name may exist yet`;
  if (row.safety_backup_id === null && row.type !== "postgresql") {
    return `no safety backup of ${row.target_db_name} is taken, as was asked for: what it holds is replaced without a way back, also if the restore fails`;
  }
  if (row.safety_backup_id === null) return "the target stays as it is until the restored database is complete, and is then replaced at once";
  if (row.safety_status === "canceled") return `no safety backup was taken: ${row.safety_error_msg ?? "it was canceled"}`;
  if (row.type === "postgresql") return `safety backup ${row.safety_backup_id} of the target is taken first; it stays as it is until the restored database is complete, and is then replaced at once`;
  return `this engine can only restore into the emptied database: safety backup ${row.safety_backup_id} of it is taken first, and put back if the restore fails`;
}
