import { STREAMS, subjects } from "@safebase/contracts";
import { subjectsIn } from "@safebase/runtime";
import { endOrphans, openPublished, publishAgain, type Published } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";
import { eventsWritten } from "../jobs/events-written.ts";
import { DELIVERIES_DURABLE } from "./deliveries.ts";

/** One that was claimed so short a time ago may be on its way to NATS. */
const ON_ITS_WAY_MS = 10_000;
const AT_ONCE = 500;

/**
 * Puts those notifications back into the outbox that NATS does not have any more, and ends those whose channel has
 * gone. Returns false when deliveries of the past are still being written, and nothing was decided.
 *
 * The order matters, as with jobs: a notifier says what became of a notification before it takes it from the queue. So
 * one that is not there, and is not over once all that was said up to then is written, was lost.
 */
export async function reconcileNotifications(core: Core, signal: AbortSignal): Promise<boolean> {
  const now = core.now();
  const ended = await endOrphans(core.db, "the channel was removed or disabled", now.toISOString());
  if (ended > 0) core.log.warn({ ended }, "notifications of channels that are gone were ended");
  const open = await openPublished(core.db, new Date(now.getTime() - ON_ITS_WAY_MS).toISOString());
  if (open.length === 0) return true;
  const queued = new Set(await subjectsIn(core.bus, STREAMS.notifications, subjects.allNotifications));
  const lost = open.filter(({ id, channel_id }) => !queued.has(subjects.notification(channel_id, id)));
  if (lost.length === 0) return true;
  if (!await eventsWritten(core, { stream: STREAMS.events, durable: DELIVERIES_DURABLE }, signal)) return false;
  let again = 0;
  for (let from = 0; from < lost.length && !signal.aborted; from += AT_ONCE) again += await recover(core, lost.slice(from, from + AT_ONCE));
  if (again > 0) core.log.warn({ notifications: again }, "notifications that NATS had lost are published again");
  return true;
}

async function recover(core: Core, lost: readonly Published[]): Promise<number> {
  return core.db.transaction().execute(async (tx) => {
    let again = 0;
    for (const listed of lost) if (await publishAgain(tx, listed)) again++;
    return again;
  });
}
