import { dropQueued, findQueued } from "@safebase/runtime";
import { logJob } from "../catalog/job-log.ts";
import { markGivenUp } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceEnded } from "./announce.ts";
import type { Core } from "./deps.ts";
import { died, failureUncleared, MAX_CLEAN_UPS, MAX_RUNS } from "./gave-up.ts";
import { endJob } from "./outcome.ts";
import { orderCleanUp } from "./pursue-cancel.ts";

/** Has this job cost as many executors as it may? A canceled one runs only to clear up, and may do so some more. */
export function diedTooOften(job: Job): boolean {
  return died(job) >= MAX_RUNS + (job.cancel_requested_at === null ? 0 : MAX_CLEAN_UPS);
}

/** A run that begins in spite of that, before the reconciliation has seen it: the job is given up, and the run ended. */
export async function giveUpStarted(tx: Db, running: Job, at: string): Promise<Job> {
  const before: Job = { ...running, attempts: running.attempts - 1 };
  if (running.gave_up_after !== null || !diedTooOften(before)) return running;
  return await markAndLog(tx, before, at) ?? running;
}

async function markAndLog(tx: Db, listed: Job, at: string): Promise<Job | undefined> {
  const job = await markGivenUp(tx, listed.id, died(listed));
  if (job !== undefined) await logJob(tx, job, [{ event: "gave_up", at }]);
  return job;
}

/**
 * Gives up a job that nobody runs: an executor clears up what the runs that died have left, and its answer ends the
 * job. Called again until that has happened; when clearing up costs executors, too, the job ends as it is.
 */
export async function giveUp(core: Core, listed: Job): Promise<void> {
  const job = listed.gave_up_after === null ? await core.db.transaction().execute((tx) => markAndLog(tx, listed, core.now().toISOString())) : listed;
  if (job === undefined || job.gave_up_after === null) return; // another gateway was first
  if (listed.gave_up_after === null) core.log.error({ job_id: job.id, attempts: job.attempts, handed_back: job.handed_back }, "a job is given up");
  // A deletion needs nobody to clear up after it: it is tried again later as a whole.
  if (job.kind !== "delete" && died(job) - job.gave_up_after < MAX_CLEAN_UPS) return orderCleanUp(core, job);
  const queued = await findQueued(core.bus, job.executor_group, job.id);
  if (queued !== undefined) await dropQueued(core.bus, queued);
  const ended = await core.db.transaction().execute(async (tx) =>
    endJob(tx, job, { status: "failed", failure: await failureUncleared(tx, job) }, core.now().toISOString()));
  await announceEnded(core, ended);
}
