import { randomUUID } from "node:crypto";
import { noticeOf, STREAMS, subjects, type Notice, type NoticeKind } from "@safebase/contracts";
import { subjectsIn } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { createChannel, type CreateChannelInput } from "../channels/create.ts";
import type { ChannelView } from "../channels/view.ts";
import { EVERYTHING, findNotification, type NotificationRow } from "../catalog/notifications.ts";
import type { NotificationStatus } from "../catalog/schema.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import type { Rig } from "../jobs/rig-fixture.ts";
import { tell } from "./tell.ts";

/** Makes a channel of Ann's that is told of all that is hers, and that nobody takes notifications of. */
export async function addChannel(gateway: Deps, actor: Actor, input: Partial<CreateChannelInput> = {}): Promise<ChannelView> {
  return (await createChannel(gateway, actor, { name: "ops", config: { type: "webhook", url: "http://192.0.2.1/hook" }, ...input })).channel;
}

/** Tells something of Ann's, as a verb does. */
export async function tellSomething(rig: Rig, gateway: Deps, kind: NoticeKind = "backup_failed", known: Partial<Notice> = { user_id: rig.ann.user_id }): Promise<Notice> {
  const notice = noticeOf(kind, randomUUID(), new Date().toISOString(), known);
  await rig.db.transaction().execute((tx) => tell(tx, notice));
  gateway.dispatcher.kick();
  return notice;
}

/** The notification of a notice for a channel, once it has this status. */
export function notificationIs(rig: Rig, channelId: number, notice: Notice, status: NotificationStatus): Promise<NotificationRow> {
  return until(`the notification to be ${status}`, async () => {
    const found = await rig.db.selectFrom("notifications").select("id").where("channel_id", "=", channelId).where("notice_id", "=", notice.id).executeTakeFirst();
    const row = found === undefined ? undefined : await findNotification(rig.db, found.id, EVERYTHING);
    return row?.status === status && row;
  });
}

/** Ids of the notifications of a channel that wait in NATS. */
export async function queuedFor(rig: Rig, channelId: number): Promise<number[]> {
  const found = await subjectsIn(rig.core.bus, STREAMS.notifications, subjects.notificationsOf(channelId));
  return found.map((subject) => Number(subject.split(".").at(-1))).sort((a, b) => a - b);
}

/** Makes all that was handed to NATS look as if that were long ago: what is on its way just now is not looked for. */
export async function letTimePass(rig: Rig): Promise<void> {
  await rig.db.updateTable("notifications").set({ published_at: new Date(Date.now() - 60_000).toISOString() }).where("published_at", "is not", null).execute();
}
