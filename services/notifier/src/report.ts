import { randomUUID } from "node:crypto";
import { DeliveryEvent, STREAMS, subjects, type NotificationCommand } from "@safebase/contracts";
import { lastOf, type Bus } from "@safebase/runtime";

/** Tells the gateway what became of a try, until NATS has taken it or the signal aborts. A repeat is dropped. */
export async function report(bus: Bus, event: DeliveryEvent, signal: AbortSignal): Promise<void> {
  await bus.publish(subjects.delivery(event.notification_id), event, { msgId: `delivery:${randomUUID()}`, signal });
}

/**
 * The event that says that this notification was delivered, when there is one. It closes the gap between delivering and
 * acknowledging: what comes again only because the acknowledgment was lost is not told twice.
 */
export async function deliveredBefore(bus: Bus, { notification_id, channel_id, notice }: NotificationCommand): Promise<DeliveryEvent | undefined> {
  const last = await lastOf(bus, STREAMS.events, subjects.delivery(notification_id));
  if (last === undefined) return undefined;
  const event = DeliveryEvent.safeParse(JSON.parse(last.text));
  // An older event is of another notification with this number: of a catalog that counts from 1 again.
  const same = event.success && event.data.outcome === "delivered" && event.data.channel_id === channel_id && event.data.at >= notice.at;
  return same ? event.data : undefined;
}
