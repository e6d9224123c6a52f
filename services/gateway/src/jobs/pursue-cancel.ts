import { subjects, type CancelRequest } from "@safebase/contracts";
import { dropQueued, findQueued, heldLeases } from "@safebase/runtime";
import { findJob, isFinal } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import { announceEnded } from "./announce.ts";
import type { Core } from "./deps.ts";
import { publish } from "./publish.ts";
import { endJob } from "./outcome.ts";

/**
 * Tells every executor: whoever runs the job ends it and says `canceled`. One that only clears up takes no notice; nor can
 * the queue tell which of the two runs, for a run may have been taken up in the moment in which its command was replaced.
 */
export function askToCancel(core: Core, job: Job): void {
  const request: CancelRequest = { job_id: job.id };
  core.bus.broadcast(subjects.cancel, request);
}

/** Goes after a published job whose end was asked for: with the executor that has it, else in the queue. */
export async function pursueCancel(core: Core, job: Job): Promise<void> {
  askToCancel(core, job);
  const isHeld = await heldLeases(core.bus);
  if (!isHeld({ group: job.executor_group, job_id: job.id })) await cancelUnheld(core, job.id);
}

/**
 * Nobody runs the job. One that never began is over as soon as its command is out of the queue; if an executor took it
 * in this very moment, its `started` is answered with another request. One that began may have left something behind:
 * an executor clears it up and says `canceled`.
 */
export async function cancelUnheld(core: Core, jobId: number): Promise<void> {
  const job = await findJob(core.db, jobId, "all");
  if (job === undefined || isFinal(job.status)) return;
  if (job.attempts > 0) return orderCleanUp(core, job);
  const queued = await findQueued(core.bus, job.executor_group, job.id);
  if (queued !== undefined) await dropQueued(core.bus, queued);
  const ended = await core.db.transaction().execute((tx) => endJob(tx, job, { status: "canceled" }, core.now().toISOString()));
  await announceEnded(core, ended);
}

/** Puts a command that only clears up in the place of the one that lies in the queue, if any. */
export async function orderCleanUp(core: Core, job: Job): Promise<void> {
  const queued = await findQueued(core.bus, job.executor_group, job.id);
  if (queued?.cleanup_only === true) return;
  if (queued !== undefined) await dropQueued(core.bus, queued);
  await publish(core, job, true);
}
