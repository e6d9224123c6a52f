import { STREAMS } from "@safebase/contracts";
import { findQueued, heldLeases } from "@safebase/runtime";
import { claimAgain, findJob, isFinal, openPublishedJobs } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import { prepareQueues } from "../executors/queues.ts";
import { reconcileNotifications } from "../notifications/reconcile.ts";
import { askToCancel, cancelUnheld } from "./pursue-cancel.ts";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";
import { eventsWritten } from "./events-written.ts";
import { diedTooOften, giveUp } from "./give-up.ts";
import { publish } from "./publish.ts";

export const EVENTS_DURABLE = "gateway";

/**
 * Puts NATS right by the catalog: jobs and notifications that got lost are queued again, ends that were asked for are
 * pursued, schedules and channels are there. Returns false when events of the past are still being written, and nothing was decided.
 *
 * The order matters. An executor says how a job ended before it lets go of lease and command; so a job that has neither,
 * and is not over once all events up to then are written, is with nobody. Else a restore might be run a second time.
 */
export async function reconcile(core: Core, dispatcher: Dispatcher, signal: AbortSignal): Promise<boolean> {
  await core.bus.ensure();
  await prepareQueues(core);
  const isHeld = await heldLeases(core.bus);
  const open = await openPublishedJobs(core.db);
  const lost: Job[] = [];
  for (const job of open) {
    if (isHeld({ group: job.executor_group, job_id: job.id })) {
      if (job.cancel_requested_at !== null || job.gave_up_after !== null) askToCancel(core, job);
    } else if (mustEnd(job) || await findQueued(core.bus, job.executor_group, job.id) === undefined) lost.push(job);
  }
  if (!await eventsWritten(core, { stream: STREAMS.job_events, durable: EVENTS_DURABLE }, signal)) return false;
  for (const job of lost) if (!signal.aborted) await recover(core, job);
  const done = await reconcileNotifications(core, signal);
  dispatcher.schedulesChanged();
  dispatcher.channelsChanged();
  return done;
}

/** A job that waits in the queue is fine, but for these. */
function mustEnd(job: Job): boolean {
  return job.cancel_requested_at !== null || job.gave_up_after !== null || diedTooOften(job);
}

async function recover(core: Core, listed: Job): Promise<void> {
  const job = await findJob(core.db, listed.id, "all");
  if (job === undefined || isFinal(job.status) || job.run_id !== listed.run_id) return; // it moved on meanwhile
  if (job.gave_up_after !== null || diedTooOften(job)) return giveUp(core, job);
  if (job.cancel_requested_at !== null) return cancelUnheld(core, job.id);
  // Another gateway may have queued it in this moment, and it may have run: then this one must not queue it again.
  if (await claimAgain(core.db, listed, core.now().toISOString())) await publish(core, job);
}
