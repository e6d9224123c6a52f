import type { Notice } from "@safebase/contracts";
import type { Channel } from "./schema.ts";
import type { Db } from "./scope.ts";

/** Keeps what there is to tell; belongs in the transaction that records what it tells. */
export async function insertNotice(db: Db, notice: Notice): Promise<void> {
  await db.insertInto("notices").values({
    id: notice.id, kind: notice.kind, severity: notice.severity, user_id: notice.user_id, database_id: notice.database?.id ?? null,
    payload: JSON.stringify(notice), created_at: notice.at,
  }).execute();
}

/** Has a channel told of a notice, once. */
export async function insertNotification(db: Db, notice: Notice, channel: Channel): Promise<void> {
  await db.insertInto("notifications").values({
    notice_id: notice.id, channel_id: channel.id, channel_name: channel.name, channel_type: channel.type, user_id: channel.user_id,
    status: "pending", created_at: notice.at, group_id: null, group_size: null, answer: null, error: null,
    published_at: null, last_tried_at: null, next_try_at: null, finished_at: null,
  }).onConflict((conflict) => conflict.columns(["notice_id", "channel_id"]).doNothing()).execute();
}

export interface Waiting { readonly id: number; readonly channel_id: number; readonly payload: string }

/** The oldest notifications that were not handed to NATS yet. */
export async function pendingNotifications(db: Db, limit: number): Promise<Waiting[]> {
  return db.selectFrom("notifications").innerJoin("notices", "notices.id", "notifications.notice_id")
    .select(["notifications.id", "notifications.channel_id", "notices.payload"])
    .where("notifications.status", "=", "pending").where("notifications.published_at", "is", null).orderBy("notifications.id").limit(limit).execute();
}

export async function markPublished(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("notifications").set({ published_at: at }).where("id", "=", id).execute();
}

/** How many notifications were not handed to NATS yet. */
export async function countUnpublished(db: Db): Promise<number> {
  const { count } = await db.selectFrom("notifications").select((eb) => eb.fn.countAll().as("count"))
    .where("status", "=", "pending").where("published_at", "is", null).executeTakeFirstOrThrow();
  return Number(count);
}
