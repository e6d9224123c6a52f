import type { DeliveryEvent, Notice, NoticeKind } from "@safebase/contracts";
import { sql, type SqlBool } from "kysely";
import { readNotice } from "./notices.ts";
import type { Channel, Notification, NotificationStatus } from "./schema.ts";
import { ownedBy, type Db, type Hearing, type Scope } from "./scope.ts";

/** Not over. In the words of the index, without parameters: SQLite would not see that it fits. */
const isOpen = sql<SqlBool>`notifications.status in ('pending', 'retrying')`;

/** A notification with the notice that it is about. */
export interface NotificationRow extends Notification { notice: Notice }

/** Has a channel told of a notice, once. */
export async function insertNotification(db: Db, notice: Notice, channel: Pick<Channel, "id" | "name" | "type" | "user_id">): Promise<void> {
  await db.insertInto("notifications").values({
    notice_id: notice.id, channel_id: channel.id, channel_name: channel.name, channel_type: channel.type, user_id: channel.user_id,
    status: "pending", created_at: notice.at, group_id: null, group_size: null, answer: null, error: null,
    published_at: null, last_tried_at: null, next_try_at: null, finished_at: null,
  }).onConflict((conflict) => conflict.columns(["notice_id", "channel_id"]).doNothing()).execute();
}

/**
 * Whose channels' notifications, and about whose things: a channel that was told of everybody's when its owner was an
 * admin still has those on record when he is none any more.
 */
export interface Seen { readonly channels: Scope; readonly notices: Hearing }

/** For our own work, never for an answer. */
export const EVERYTHING: Seen = { channels: "all", notices: "all" };

function rows(db: Db, seen: Seen) {
  return db.selectFrom("notifications").innerJoin("notices", "notices.id", "notifications.notice_id")
    .where(ownedBy("notifications.user_id", seen.channels)).where(ownedBy("notices.user_id", seen.notices));
}

export async function findNotification(db: Db, id: number, seen: Seen): Promise<NotificationRow | undefined> {
  const row = await rows(db, seen).selectAll("notifications").select("notices.payload").where("notifications.id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : withNotice(row);
}

export interface NotificationFilter {
  readonly status?: NotificationStatus | undefined;
  readonly channel_id?: number | undefined;
  readonly kind?: NoticeKind | undefined;
  readonly database_id?: number | undefined;
}

/** One part of the list, newest first, and how many there are in all. */
export async function listNotifications(
  db: Db, seen: Seen, filter: NotificationFilter, part: { limit: number; offset: number },
): Promise<{ rows: NotificationRow[]; total: number }> {
  let query = rows(db, seen);
  if (filter.status !== undefined) query = query.where("notifications.status", "=", filter.status);
  if (filter.channel_id !== undefined) query = query.where("notifications.channel_id", "=", filter.channel_id);
  if (filter.kind !== undefined) query = query.where("notices.kind", "=", filter.kind);
  if (filter.database_id !== undefined) query = query.where("notices.database_id", "=", filter.database_id);
  const { total } = await query.select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow();
  const found = await query.selectAll("notifications").select("notices.payload").orderBy("notifications.id", "desc").limit(part.limit).offset(part.offset).execute();
  return { rows: found.map(withNotice), total: Number(total) };
}

/** What each of these channels was told last. */
export async function newestOfChannels(db: Db, seen: Seen, channel_ids: readonly number[]): Promise<NotificationRow[]> {
  if (channel_ids.length === 0) return [];
  const newest = db.selectFrom("channels").where("channels.id", "in", channel_ids).select((eb) => eb
    .selectFrom("notifications as told").select("told.id").whereRef("told.channel_id", "=", "channels.id").orderBy("told.id", "desc").limit(1).as("id"));
  const found = await rows(db, seen).selectAll("notifications").select("notices.payload").where("notifications.id", "in", newest).execute();
  return found.map(withNotice);
}

function withNotice({ payload, ...row }: Notification & { payload: string }): NotificationRow {
  return { ...row, notice: readNotice(payload) };
}

export interface Waiting { readonly id: number; readonly channel_id: number; readonly payload: string }

/** The oldest notifications that were not handed to NATS yet. */
export async function pendingNotifications(db: Db, limit: number): Promise<Waiting[]> {
  return db.selectFrom("notifications").innerJoin("notices", "notices.id", "notifications.notice_id")
    .select(["notifications.id", "notifications.channel_id", "notices.payload"])
    .where(isOpen).where("notifications.published_at", "is", null).orderBy("notifications.id").limit(limit).execute();
}

/** Takes the right to publish these; those that another gateway has taken, or that are over, are not among the answer. */
export async function claimNotifications(db: Db, ids: readonly number[], at: string): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const taken = await db.updateTable("notifications").set({ published_at: at })
    .where("id", "in", ids).where("published_at", "is", null).where(isOpen).returning("id").execute();
  return new Set(taken.map(({ id }) => id));
}

/** Gives that right back: NATS did not take them. */
export async function unclaimNotifications(db: Db, ids: readonly number[], at: string): Promise<void> {
  if (ids.length === 0) return;
  await db.updateTable("notifications").set({ published_at: null }).where("id", "in", ids).where("published_at", "=", at).where(isOpen).execute();
}

export type Published = Pick<Notification, "id" | "channel_id"> & { readonly published_at: string };

/** What NATS should have, or had: handed to it at this time or before, and not over. */
export async function openPublished(db: Db, until: string): Promise<Published[]> {
  return db.selectFrom("notifications").select(["id", "channel_id", "published_at"]).$narrowType<{ published_at: string }>()
    .where(isOpen).where("published_at", "<=", until).orderBy("id").execute();
}

/** Puts one that NATS has lost back into the outbox, as it was listed. False when it moved on, or another gateway did so. */
export async function publishAgain(db: Db, listed: Published): Promise<boolean> {
  const result = await db.updateTable("notifications").set({ published_at: null })
    .where("id", "=", listed.id).where("published_at", "=", listed.published_at).where(isOpen).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * Writes what became of a try. Undefined when it changes nothing: it is over, or this try or a later one was written.
 * A try is older when neither its time nor its number is beyond the last one's: numbers begin again after a retry by
 * hand, and clocks of two notifiers differ.
 */
export async function applyTry(db: Db, { outcome, ...event }: Omit<DeliveryEvent, "at"> & { at: string }): Promise<Notification | undefined> {
  const final = outcome !== "retrying";
  let query = db.updateTable("notifications").set((eb) => ({
    status: outcome, attempts: event.attempt, group_id: event.group_id, group_size: event.group_size, answer: event.answer, error: event.error,
    last_tried_at: event.at, next_try_at: final ? null : event.next_try_at, finished_at: final ? event.at : null,
    published_at: eb.fn.coalesce("published_at", eb.val(event.at)),
  })).where("id", "=", event.notification_id).where("channel_id", "=", event.channel_id).where(isOpen);
  if (outcome !== "delivered") {
    query = query.where((eb) => eb.or([eb("last_tried_at", "is", null), eb("last_tried_at", "<", event.at), eb("attempts", "<", event.attempt)]));
  }
  return query.returningAll().executeTakeFirst();
}

/** Tries a dead one again, from the outbox. Undefined when it is not dead. */
export async function revive(db: Db, id: number): Promise<Notification | undefined> {
  return db.updateTable("notifications").set({ status: "pending", published_at: null, finished_at: null, next_try_at: null })
    .where("id", "=", id).where("status", "=", "dead").returningAll().executeTakeFirst();
}

/** Ends what is open for a channel that is not told of anything any more. Answers how many. */
export async function endOpenOf(db: Db, channelId: number, error: string, at: string): Promise<number> {
  const result = await db.updateTable("notifications").set({ status: "dead", error, next_try_at: null, finished_at: at })
    .where("channel_id", "=", channelId).where(isOpen).executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** The same for all that was written while its channel went. */
export async function endOrphans(db: Db, error: string, at: string): Promise<number> {
  const enabled = db.selectFrom("channels").select("id").where("enabled", "=", 1);
  const result = await db.updateTable("notifications").set({ status: "dead", error, next_try_at: null, finished_at: at })
    .where(isOpen).where("channel_id", "not in", enabled).executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Removes some of those that were over before. Answers how many. */
export async function pruneNotifications(db: Db, before: string, limit: number): Promise<number> {
  const old = db.selectFrom("notifications").select("id").where("finished_at", "<", before).limit(limit);
  return Number((await db.deleteFrom("notifications").where("id", "in", old).executeTakeFirst()).numDeletedRows);
}
