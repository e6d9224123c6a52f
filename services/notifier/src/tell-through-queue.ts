import { BUCKETS, GatewayTold, subjects, type Notice, type NotificationCommand, type SealedChannel } from "@safebase/contracts";
import { isConflict, type Bus } from "@safebase/runtime";

const KEY = "gateway";

/**
 * Puts a notice of the notifier's own into the channels' queues, and on record what was told; so the next process knows,
 * and several tell it once. `lostAt`: when this one noticed a loss, if it did.
 */
export async function tellThroughQueue(
  bus: Bus, channels: readonly SealedChannel[], notice: Notice, state: GatewayTold["state"], lostAt: string | undefined,
): Promise<void> {
  await bus.withBucket(BUCKETS.notifier, async (kv) => {
    const entry = await kv.get(KEY);
    const told = entry?.operation === "PUT" ? GatewayTold.parse(entry.json()) : undefined;
    if (isToldAlready(told, state, lostAt)) return;
    const revision = entry?.revision ?? 0;
    for (const { channel_id } of channels) {
      // Numbers below zero are the notifier's own. All notifiers come to the same one, and to the same message.
      const command: NotificationCommand = { notification_id: -(revision + 1), channel_id, notice };
      await bus.publishOnce(subjects.notification(channel_id, command.notification_id), command, `${notice.kind}:${channel_id}:${revision}`);
    }
    // Last: were it on record first, and this process died in between, nobody would be told.
    const record = JSON.stringify({ state, at: notice.at } satisfies GatewayTold);
    await (entry === null ? kv.create(KEY, record) : kv.update(KEY, record, revision)).catch((error: unknown) => {
      if (!isConflict(error)) throw error; // else another notifier told the same
    });
  });
}

function isToldAlready(told: GatewayTold | undefined, state: GatewayTold["state"], lostAt: string | undefined): boolean {
  if (state === "lost") return told?.state === "lost";
  if (told?.state === "lost") return false;
  return lostAt === undefined || (told !== undefined && told.at > lostAt);
}
