import type { NotificationRow } from "../catalog/notifications.ts";
import { sentenceOf } from "../notices/sentence.ts";

/** A notification as the API shows it: what was to be told, to whom, and what became of it. */
export type NotificationView = ReturnType<typeof notificationView>;

export function notificationView(row: NotificationRow) {
  const { id: notice_id, kind, severity, at, database, backup_id, restore_id, verification_id } = row.notice;
  return {
    id: row.id, user_id: row.user_id,
    channel: { id: row.channel_id, name: row.channel_name, type: row.channel_type },
    notice: { id: notice_id, kind, severity, at, database, backup_id, restore_id, verification_id, sentence: sentenceOf(row.notice) },
    status: row.status, attempts: row.attempts, answer: row.answer, error: row.error, group_size: row.group_size,
    created_at: row.created_at, published_at: row.published_at, last_tried_at: row.last_tried_at, next_try_at: row.next_try_at, finished_at: row.finished_at,
  };
}
