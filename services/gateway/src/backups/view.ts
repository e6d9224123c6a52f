import { BackupPart, Contents, Warning, type Progress } from "@safebase/contracts";
import { z } from "zod";
import type { BackupRow } from "../catalog/backups.ts";
import type { Backup, Verification } from "../catalog/schema.ts";
import type { CopyRow } from "../catalog/copies.ts";
import { partsOf } from "./parts.ts";
import type { Wait } from "../jobs/waits-for.ts";
import { recipientsOf } from "../keys/identities.ts";

/** A backup as the API shows it in lists. `size` is that of the stored file, in bytes. */
export type BackupView = ReturnType<typeof backupView>;

export function backupView(row: BackupRow, progress: Progress | null, copies: readonly CopyRow[]) {
  return {
    id: row.id, user_id: row.user_id, user_email: row.user_email, database_id: row.database_id, database_name: row.database_name, job_id: row.job_id,
    type: row.type, format: row.format, compression: row.compression, ...partsOf(row),
    trigger: row.trigger, schedule_id: row.schedule_id, planned_at: row.planned_at,
    status: row.status, error_code: row.error_code, error_msg: row.error_msg, error_hint: row.error_hint,
    filename: row.filename, filepath: row.filepath, size: row.size_bytes, raw_size: row.raw_size_bytes, sha256: row.sha256,
    server: row.server, tool: row.tool, duration_ms: durationOf(row), progress, pinned: row.pinned === 1, verified_at: row.verified_at,
    ...encryptionOf(row),
    copies: copies.map(copyView),
    integrity: { state: row.integrity, checked_at: row.checked_at },
    created_at: row.created_at, started_at: row.started_at, finished_at: row.finished_at, updated_at: row.updated_at,
  };
}

/** One backup with all that is known of it. */
export type BackupDetails = ReturnType<typeof backupDetails>;

export function backupDetails(row: BackupRow, progress: Progress | null, copies: readonly CopyRow[], last: Verification | undefined, waits_for: Wait | null) {
  return {
    ...backupView(row, progress, copies), warnings: warningsOf(row.warnings), contents: row.contents === null ? null : Contents.parse(JSON.parse(row.contents)),
    parts: row.parts === null ? null : z.array(BackupPart).parse(JSON.parse(row.parts)),
    waits_for, verification: last === undefined ? null : { id: last.id, status: last.status, finished_at: last.finished_at },
  };
}

function copyView({ storage, state, detail, checked_at, job_id: id, job_status: status, job_not_before: not_before }: CopyRow) {
  return { storage, state, detail, checked_at, job: id === null || status === null || not_before === null ? null : { id, status, not_before } };
}

function encryptionOf({ recipients, encryption_key_id }: Backup) {
  const to = recipientsOf(recipients);
  return { encrypted: to.length > 0, encryption_key_id, recipients: to };
}

export function durationOf(row: { started_at: string | null; finished_at: string | null }): number | null {
  return row.started_at === null || row.finished_at === null ? null : Date.parse(row.finished_at) - Date.parse(row.started_at);
}

export function warningsOf(json: string | null): Warning[] {
  return json === null ? [] : z.array(Warning).parse(JSON.parse(json));
}
