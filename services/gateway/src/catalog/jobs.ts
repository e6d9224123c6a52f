import { sql, type Insertable, type SqlBool } from "kysely";
import { logJob } from "./job-log.ts";
import type { Catalog, Job, NewJob, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";
import { OUT, turnOf } from "./turns.ts";

const OPEN = ["pending", "running"] as const satisfies readonly Status[];

export type FinalStatus = Exclude<Status, (typeof OPEN)[number]>;
export const isFinal = (status: Status): status is FinalStatus => status !== "pending" && status !== "running";

export type JobInput = Pick<NewJob, "user_id" | "kind" | "executor_group" | "time_limit_s" | "stall_limit_s" | "not_before" | "created_at">
  & Partial<Pick<Insertable<Catalog["jobs"]>, "backup_id" | "restore_id" | "verification_id" | "check_id" | "copy_id" | "after_job_id" | "identities_sealed" | "urgent">>;

export async function insertJob(db: Db, input: JobInput): Promise<Job> {
  const job = await db.insertInto("jobs").values(jobValues(input)).returningAll().executeTakeFirstOrThrow();
  await logOrdered(db, job);
  return job;
}

/** Notes in the log that there is a job, and until when it is held back. */
export async function logOrdered(db: Db, job: Job): Promise<void> {
  await logJob(db, job, [{ event: "ordered", at: job.created_at, detail: job.not_before > job.created_at ? { not_before: job.not_before } : {} }]);
}

/** A job that waits. */
export function jobValues(input: JobInput): NewJob {
  return {
    backup_id: null, restore_id: null, after_job_id: null, urgent: input.kind === "restore" ? 1 : 0, turn_at: turnOf(input.kind, input.not_before), ...input,
    status: "pending", published_at: null, cancel_requested_at: null, attempts: 0, gave_up_after: null, run_id: null, executor_id: null,
    started_at: null, finished_at: null,
  };
}

export async function findJob(db: Db, id: number, scope: Scope): Promise<Job | undefined> {
  return db.selectFrom("jobs").selectAll().where("id", "=", id).where(ownedBy("jobs.user_id", scope)).executeTakeFirst();
}

export type JobSubject = Pick<Job, "user_id" | "backup_id" | "restore_id" | "verification_id" | "check_id" | "copy_id" | "executor_group">;

/** Whose job it is and what it is about. */
export async function jobSubject(db: Db, id: number): Promise<JobSubject | undefined> {
  return db.selectFrom("jobs").select(["user_id", "backup_id", "restore_id", "verification_id", "check_id", "copy_id", "executor_group"]).where("id", "=", id).executeTakeFirst();
}

/** In the words of the index jobs_open. */
const IS_OPEN = sql<SqlBool>`jobs.status in ('pending', 'running')`;

/** When the next job that waits for its time will be due. */
export async function nextDueAt(db: Db, now: string): Promise<string | undefined> {
  const row = await db.selectFrom("jobs").select("not_before")
    .where(IS_OPEN).where("status", "=", "pending").where("published_at", "is", null).where("not_before", ">", now)
    .orderBy("not_before").limit(1).executeTakeFirst();
  return row?.not_before;
}

/** Takes the right to publish a job's command. False when another gateway was first, or the job is over. */
export async function claimJob(db: Db, id: number, at: string): Promise<boolean> {
  const result = await db.updateTable("jobs").set({ published_at: at })
    .where("id", "=", id).where("status", "=", "pending").where("published_at", "is", null).where("cancel_requested_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Gives that right back: NATS did not take the command. A job whose end was asked for is left to the reconciliation. */
export async function unclaimJob(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("jobs").set({ published_at: null })
    .where("id", "=", id).where("status", "=", "pending").where("published_at", "=", at).where("cancel_requested_at", "is", null).execute();
}

/**
 * Takes the right to publish a job's command once more, as it was listed. False when another gateway was first, the job
 * has moved on, or it is over.
 */
export async function claimAgain(db: Db, listed: Job, at: string): Promise<boolean> {
  const result = await db.updateTable("jobs").set({ published_at: at })
    .where("id", "=", listed.id).where("status", "in", OPEN).where("published_at", "=", listed.published_at)
    .where("attempts", "=", listed.attempts).where("cancel_requested_at", "is", null).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Notes that a job is given up after this many runs. Undefined when it is over, or was given up before. */
export async function markGivenUp(db: Db, id: number, runs: number): Promise<Job | undefined> {
  return db.updateTable("jobs").set({ gave_up_after: runs })
    .where("id", "=", id).where("status", "in", OPEN).where("gave_up_after", "is", null).returningAll().executeTakeFirst();
}

/** Jobs that an executor should have, or had. */
export async function openPublishedJobs(db: Db): Promise<Job[]> {
  return db.selectFrom("jobs").selectAll().where(OUT).orderBy("id").execute();
}

/** A run began: counted once for each run. Undefined when the job is over (or unknown). */
export async function startJob(db: Db, id: number, run: { run_id: string; executor_id: string; at: string }): Promise<Job | undefined> {
  return db.updateTable("jobs").set((eb) => ({
    status: "running", run_id: run.run_id,
    // A run that was handed back does not begin again: that is an event that comes twice.
    executor_id: eb.case().when("run_id", "=", run.run_id).then(eb.ref("executor_id")).else(run.executor_id).end(),
    attempts: eb.case().when("run_id", "=", run.run_id).then(eb.ref("attempts")).else(eb("attempts", "+", 1)).end(),
    started_at: eb.fn.coalesce("started_at", eb.val(run.at)),
    published_at: eb.fn.coalesce("published_at", eb.val(run.at)),
  })).where("id", "=", id).where("status", "in", OPEN).returningAll().executeTakeFirst();
}

/** Its run ended because its executor was told to: counted once for each run. Undefined when another has begun, or the job is over. */
export async function handBackJob(db: Db, id: number, runId: string): Promise<Job | undefined> {
  return db.updateTable("jobs").set((eb) => ({ handed_back: eb("handed_back", "+", 1), executor_id: null }))
    .where("id", "=", id).where("status", "in", OPEN).where("run_id", "=", runId).where("executor_id", "is not", null).returningAll().executeTakeFirst();
}

/** Ends a job, and forgets what only it needed. Undefined when it was over before: final states never change. */
export async function finishJob(db: Db, id: number, status: FinalStatus, at: string): Promise<Job | undefined> {
  return db.updateTable("jobs").set({ status, finished_at: at, identities_sealed: null }).where("id", "=", id).where("status", "in", OPEN).returningAll().executeTakeFirst();
}

/** Notes that an open job shall end. Undefined when it is over. */
export async function markCancelRequested(db: Db, id: number, at: string): Promise<Job | undefined> {
  return db.updateTable("jobs").set((eb) => ({ cancel_requested_at: eb.fn.coalesce("cancel_requested_at", eb.val(at)) }))
    .where("id", "=", id).where("status", "in", OPEN).returningAll().executeTakeFirst();
}

/** Jobs that wait for this one to end. */
export async function jobsAfter(db: Db, id: number): Promise<Job[]> {
  return db.selectFrom("jobs").selectAll().where("after_job_id", "=", id).where("status", "=", "pending").execute();
}

/** Lets a job go on without the one it waited for. */
export async function stopWaiting(db: Db, id: number): Promise<void> {
  await db.updateTable("jobs").set({ after_job_id: null }).where("id", "=", id).where("status", "=", "pending").execute();
}

/** Jobs of one kind about a backup as a whole, oldest first. */
export async function jobsOfBackup(db: Db, backupId: number, kind: Job["kind"]): Promise<Job[]> {
  return db.selectFrom("jobs").selectAll().where("backup_id", "=", backupId).where("kind", "=", kind).where("copy_id", "is", null).orderBy("id").execute();
}

interface Place { host: string; port: number; db_name: string }

/** Is a backup of this very database with an executor? */
export async function backupAtWork(db: Db, place: Place): Promise<boolean> {
  const row = await db.selectFrom("jobs").select("jobs.id")
    .innerJoin("backups", "backups.id", "jobs.backup_id").innerJoin("databases", "databases.id", "backups.database_id")
    .where("jobs.kind", "=", "backup").where(OUT)
    .where("databases.host", "=", place.host).where("databases.port", "=", place.port).where("databases.db_name", "=", place.db_name)
    .limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Is a restore over this very database with an executor, or next in turn? */
export async function restoreAtWork(db: Db, place: Place, now: string): Promise<boolean> {
  const row = await db.selectFrom("jobs").select("jobs.id")
    .innerJoin("restores", "restores.id", "jobs.restore_id").innerJoin("databases", "databases.id", "restores.target_database_id")
    .leftJoin("jobs as before", "before.id", "jobs.after_job_id")
    .where(IS_OPEN).where("restores.must_be_new", "=", 0)
    .where("databases.host", "=", place.host).where("databases.port", "=", place.port).where("restores.target_db_name", "=", place.db_name)
    .where((eb) => eb.or([
      eb("jobs.published_at", "is not", null),
      eb.and([eb("jobs.not_before", "<=", now), eb.or([eb("jobs.after_job_id", "is", null), eb("before.status", "=", "completed")])]),
    ]))
    .limit(1).executeTakeFirst();
  return row !== undefined;
}
