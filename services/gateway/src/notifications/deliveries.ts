import { DeliveryEvent } from "@safebase/contracts";
import { applyTry, EVERYTHING, findNotification } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";
import { announceNotification } from "./announce.ts";

export const DELIVERIES_DURABLE = "gateway-deliveries";

/**
 * Writes what became of a try to deliver into the catalog. May see any event twice, late, or out of turn. What cannot
 * be understood is logged and dropped: it would not get better by coming again.
 */
export async function applyDelivery(core: Core, payload: unknown): Promise<void> {
  const parsed = DeliveryEvent.safeParse(payload);
  if (!parsed.success) return core.log.error({ err: parsed.error }, "an event was dropped: it is not one of a delivery");
  const { at, next_try_at, ...event } = parsed.data;
  const changed = await applyTry(core.db, { ...event, at: normal(at), next_try_at: next_try_at === null ? null : normal(next_try_at) });
  if (changed === undefined) return core.log.debug({ event: parsed.data }, "a delivery's event changes nothing");
  const row = await findNotification(core.db, changed.id, EVERYTHING);
  if (row !== undefined) announceNotification(core, row);
}

/** Times in the catalog sort as text, so they are all written alike. */
function normal(time: string): string {
  return new Date(time).toISOString();
}
