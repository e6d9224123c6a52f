import { type ChannelType, type DeliveryEvent } from "@safebase/contracts";
import type { Bus, Log, Taken } from "@safebase/runtime";
import { countOutcome, type NotifierMetrics } from "./metrics.ts";
import { report } from "./report.ts";

interface Deps { readonly bus: Bus; readonly log: Log; readonly metrics: NotifierMetrics }

/** Gives up a message that is no notification, and says so of the notification that its subject names. */
export async function refuseUnreadable({ bus, log, metrics }: Deps, message: Taken, type: ChannelType, signal: AbortSignal): Promise<void> {
  log.error({ subject: message.subject }, "a notification cannot be read, it is given up");
  const gone = deadEvent(message.subject, message.deliveries, "the notification could not be read by the notifier: is it of another version?");
  if (gone !== undefined) {
    await report(bus, gone, signal);
    countOutcome(metrics, type, "dead");
  }
  await message.done();
}

/** Says that the notification of a subject is given up. Undefined for a subject that names none which the gateway knows. */
export function deadEvent(subject: string, attempt: number, error: string): DeliveryEvent | undefined {
  const [channel_id, notification_id] = subject.split(".").slice(-2).map(Number);
  if (!Number.isInteger(channel_id) || !Number.isInteger(notification_id) || notification_id! <= 0) return undefined;
  return {
    notification_id: notification_id!, channel_id: channel_id!, at: new Date().toISOString(), outcome: "dead", attempt,
    group_id: "", group_size: 1, answer: null, error, next_try_at: null,
  };
}
