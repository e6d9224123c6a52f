import { noticeOf, type Notice } from "@safebase/contracts";

export function failedBackup(over: Partial<Notice> = {}): Notice {
  return {
    ...noticeOf(over.kind ?? "backup_failed", "backup-12-failed", new Date().toISOString()), user_id: 1, user_email: "ada@example.org",
    database: { id: 7, name: "shop <prod> & co", type: "postgresql" }, backup_id: 12, restore_id: null, trigger: "scheduled",
    size_bytes: null, duration_ms: 1_234,
    error: { code: "auth_failed", message: "the server refused the password of user “shop”", hint: "check the password" },
    ...over,
  };
}

export function completedBackup(over: Partial<Notice> = {}): Notice {
  return failedBackup({ id: "backup-13-completed", kind: "backup_completed", backup_id: 13, size_bytes: 1_500_000, error: null, ...over });
}
