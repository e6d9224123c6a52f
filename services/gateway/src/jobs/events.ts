import { JobEvent, jobInSubject, type Failure } from "@safebase/contracts";
import { anyBackup, startBackup } from "../catalog/backups.ts";
import { startCheck } from "../catalog/checks.ts";
import { logJob } from "../catalog/job-log.ts";
import { findJob, handBackJob, isFinal, startJob } from "../catalog/jobs.ts";
import { startRestore } from "../catalog/restores.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { startVerification } from "../catalog/verifications.ts";
import { checkObjectivesAfter } from "../objectives/check-after.ts";
import { announceEnded, announceJobs } from "./announce.ts";
import { askToCancel } from "./pursue-cancel.ts";
import { deleteArtifact } from "./delete-artifact.ts";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { Outcome } from "./final.ts";
import { outcomeOfCleanUp } from "./gave-up.ts";
import { giveUpStarted } from "./give-up.ts";
import { endJob } from "./outcome.ts";
import type { PhaseLog } from "./phase-log.ts";

/**
 * Writes what happened to a job into the catalog. May see any event twice, late, or out of turn. What cannot be
 * understood is logged and dropped: it would not get better by coming again.
 */
export async function applyEvent(core: Core, dispatcher: Dispatcher, phases: Pick<PhaseLog, "end">, payload: unknown, subject: string): Promise<void> {
  const parsed = JobEvent.safeParse(payload);
  if (!parsed.success) return core.log.error({ err: parsed.error }, "an event was dropped: it is not a job's event");
  const event = parsed.data;
  const job = await findJob(core.db, event.job_id, "all");
  if (job === undefined || job.kind !== event.kind || (event.type === "completed" && event.result.kind !== job.kind)) {
    return core.log.error({ event }, "an event was dropped: the catalog knows no such job");
  }
  if (!isOfItsGroup(job, subject)) return core.log.error({ event, subject }, "an event was dropped: it does not come from the group of its job");
  if (event.type === "started") await applyStarted(core, job, event);
  else {
    await phases.end(job.id);
    if (event.type === "handed_back") await applyHandedBack(core, event);
    else await applyEnd(core, job, event);
  }
  dispatcher.kick();
  if (event.type === "completed") await checkObjectivesAfter(core, dispatcher, job);
}

/** NATS lets an executor speak under the subjects of its own group alone: what it says of other groups' jobs is not believed. */
function isOfItsGroup(job: Job, subject: string): boolean {
  const said = jobInSubject(subject);
  return said !== undefined && said.group === job.executor_group && said.job_id === job.id;
}

async function applyStarted(core: Core, job: Job, event: Extract<JobEvent, { type: "started" }>): Promise<void> {
  const at = normal(event.at);
  const started = await core.db.transaction().execute(async (tx) => {
    const begun = await startJob(tx, job.id, { run_id: event.run_id, executor_id: event.executor_id, at });
    if (begun === undefined) return undefined;
    if (job.run_id !== event.run_id) await logJob(tx, begun, [{ event: "started", at, detail: { executor_id: event.executor_id } }]);
    const running = await giveUpStarted(tx, begun, at);
    if (running.backup_id !== null && running.kind === "backup") await startBackup(tx, running.backup_id, at);
    if (running.restore_id !== null) await startRestore(tx, running.restore_id, at);
    if (running.verification_id !== null) await startVerification(tx, running.verification_id, at);
    if (running.check_id !== null) await startCheck(tx, running.check_id, at);
    return running;
  });
  if (started !== undefined) await announceJobs(core, [started]);
  if (isUnwanted(started ?? job)) askToCancel(core, job);
}

/** The job stays as it is, and another run begins soon; this one is not among those that died. */
async function applyHandedBack(core: Core, { job_id, run_id, executor_id, at }: JobEvent): Promise<void> {
  await core.db.transaction().execute(async (tx) => {
    const job = await handBackJob(tx, job_id, run_id);
    if (job !== undefined) await logJob(tx, job, [{ event: "handed_back", at: normal(at), detail: { executor_id } }]);
  });
}

/**
 * A second run of a completed backup finds the manifest and stops by itself; cancelling it might cost the artifact.
 * A second run of a completed restore would load old data over new, one of a verification or a check would be for nothing.
 */
function isUnwanted(job: Job): boolean {
  if (job.status === "completed") return job.kind === "restore" || job.kind === "verify" || job.kind === "check";
  return isFinal(job.status) || job.cancel_requested_at !== null || job.gave_up_after !== null;
}

type EndEvent = Exclude<JobEvent, { type: "started" | "handed_back" }>;

async function applyEnd(core: Core, job: Job, event: EndEvent): Promise<void> {
  const outcome = outcomeOfCleanUp(job, await outcomeOf(core, job, event));
  const at = normal(event.at);
  const ended = await core.db.transaction().execute(async (tx) => {
    const jobs = await endJob(tx, job, outcome, at);
    if (jobs.length === 0 && event.type === "completed" && job.kind === "backup" && await isOrphan(tx, job.id, event.run_id)) {
      core.log.warn({ job_id: job.id }, "a backup was completed though its job was over: its artifact is removed");
      await deleteArtifact(tx, job, core.now().toISOString());
    }
    return jobs;
  });
  await announceEnded(core, ended);
}

async function outcomeOf(core: Core, job: Job, event: EndEvent): Promise<Outcome> {
  if (event.type === "failed") return { status: "failed", failure: event.failure };
  if (event.type === "canceled") return { status: "canceled" };
  if (event.result.kind !== "backup" || job.backup_id === null) return { status: "completed", result: event.result };
  const { stem } = await anyBackup(core.db, job.backup_id);
  if (isOf(stem, event.result.key)) return { status: "completed", result: event.result };
  core.log.error({ job_id: job.id, key: event.result.key, stem }, "a backup was stored under a key that is not its own");
  return { status: "failed", failure: misplaced };
}

const misplaced: Failure = { code: "internal", message: "the executor stored the backup under a name that is not its own" };

/** Is this key the stem with its endings? */
function isOf(stem: string, key: string): boolean {
  return key.startsWith(`${stem}.`) && !key.slice(stem.length).includes("/");
}

/** Has this run stored something that no backup in the catalog stands for? */
async function isOrphan(tx: Db, jobId: number, runId: string): Promise<boolean> {
  const job = await findJob(tx, jobId, "all");
  if (job === undefined || job.backup_id === null) return false;
  if (job.status !== "completed") return true;
  const { deleted_at } = await anyBackup(tx, job.backup_id);
  return deleted_at !== null && job.run_id !== runId;
}

/** Times in the catalog sort as text, so they are all written alike. */
function normal(time: string): string {
  return new Date(time).toISOString();
}
