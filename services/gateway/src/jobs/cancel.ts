import { SafebaseError } from "@safebase/contracts";
import { findJob, isFinal, markCancelRequested } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceEnded } from "./announce.ts";
import { auditDone } from "./audit.ts";
import type { Actor, Deps } from "./deps.ts";
import { getJob } from "./get.ts";
import { missing } from "./missing.ts";
import { endJob } from "./outcome.ts";
import { pursueCancel } from "./pursue-cancel.ts";
import type { JobView } from "./view.ts";

/**
 * Ends a job: at once when no executor can have it yet, else as soon as the executor that has it can. With a restore
 * goes the safety backup that it waits for.
 */
export async function cancelJob(deps: Deps, actor: Actor, input: { id: number }): Promise<JobView> {
  const { ended, wanted } = await deps.db.transaction().execute(async (tx) => {
    const job = await findJob(tx, input.id, actor.scope);
    if (job === undefined) throw missing("job", input.id);
    if (job.kind === "delete") throw new SafebaseError("conflict", "a deletion cannot be canceled");
    if (isFinal(job.status)) throw alreadyOver(job.id, job.status);
    await auditDone(tx, deps, actor, "job.cancel", { type: "job", id: job.id }, { kind: job.kind, backup_id: job.backup_id, restore_id: job.restore_id, verification_id: job.verification_id, check_id: job.check_id, copy_id: job.copy_id });
    const safety = job.after_job_id === null ? undefined : await findJob(tx, job.after_job_id, "all");
    const both = safety === undefined || isFinal(safety.status) ? [job] : [job, safety];
    return cancelAll(tx, both, deps.now().toISOString());
  });
  await announceEnded(deps, ended);
  for (const job of wanted) {
    await pursueCancel(deps, job).catch((err: unknown) => deps.log.warn({ err, job_id: job.id }, "NATS does not answer: the reconciliation ends this job"));
  }
  deps.dispatcher.kick();
  return getJob(deps, actor, input);
}

/** The restore comes before its safety backup, so that it is canceled and not failed. */
async function cancelAll(tx: Db, jobs: Job[], at: string): Promise<{ ended: Job[]; wanted: Job[] }> {
  const ended: Job[] = [], wanted: Job[] = [];
  for (const listed of jobs) {
    const job = await markCancelRequested(tx, listed.id, at); // from here on nobody publishes it
    if (job === undefined) throw alreadyOver(listed.id, "over");
    if (job.published_at === null) ended.push(...await endJob(tx, job, { status: "canceled" }, at));
    else wanted.push(job);
  }
  return { ended, wanted };
}

function alreadyOver(id: number, status: string): SafebaseError {
  return new SafebaseError("conflict", `job ${id} is ${status} already`);
}
