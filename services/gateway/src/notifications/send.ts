import { subjects, type NotificationCommand } from "@safebase/contracts";
import { readNotice } from "../catalog/notices.ts";
import { claimNotifications, pendingNotifications, unclaimNotifications, type Waiting } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";

const AT_ONCE = 100;

/**
 * Hands the notifications of the outbox to their channels' queues; no harm when one is there already. Claimed first, so
 * that of two gateways one publishes: a delivered one has left the queue, and would be taken again.
 */
export async function sendNotifications(core: Pick<Core, "db" | "bus" | "now">, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const waiting = await pendingNotifications(core.db, AT_ONCE);
    const at = core.now().toISOString();
    const claimed = await claimNotifications(core.db, waiting.map(({ id }) => id), at);
    const mine = waiting.filter(({ id }) => claimed.has(id));
    const sent = await Promise.allSettled(mine.map((one) => send(core, one)));
    await unclaimNotifications(core.db, mine.filter((_, n) => sent[n]?.status === "rejected").map(({ id }) => id), at);
    for (const result of sent) if (result.status === "rejected") throw result.reason;
    if (waiting.length < AT_ONCE) return;
  }
}

async function send({ bus }: Pick<Core, "bus">, { id, channel_id, payload }: Waiting): Promise<void> {
  const command: NotificationCommand = { notification_id: id, channel_id, notice: readNotice(payload) };
  await bus.publishOnce(subjects.notification(channel_id, id), command);
}
