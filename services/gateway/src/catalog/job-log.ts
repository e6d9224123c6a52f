import { sql, type Generated, type Selectable } from "kysely";
import type { Job } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export const LOG_EVENTS = ["ordered", "started", "phase", "handed_back", "gave_up", "warning", "copy", "completed", "failed", "canceled", "adopted"] as const;
export type LogEvent = (typeof LOG_EVENTS)[number];

/** What happened to the jobs about a backup: without secrets, and gone with the backup. */
export interface JobLogTable {
  id: Generated<number>;
  job_id: number;
  backup_id: number;
  at: string;
  event: LogEvent;
  /** Of a phase, its name: once for each run. */
  phase: string | null;
  /** Which run of the job it was, from 1; 0 before the first. */
  run: number;
  /** JSON LogDetail. */
  detail: string;
}

/** What there is to say of an event, each where it has a meaning. */
export interface LogDetail {
  readonly executor_id?: string;
  readonly not_before?: string;
  readonly bytes_in?: number;
  readonly bytes_out?: number;
  readonly elapsed_ms?: number;
  readonly storage?: string;
  readonly state?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly form?: string;
  readonly part?: string;
}

export interface LogEntry { readonly event: Exclude<LogEvent, "phase">; readonly at: string; readonly detail?: LogDetail }

/** A line, and what its job is about. */
export type LogRow = Selectable<JobLogTable> & Pick<Job, "kind" | "restore_id" | "verification_id" | "check_id">;

/** So many lines of a backup are kept, the newest. */
export const LINES_KEPT = 1_000;

type Of = Pick<Job, "id" | "backup_id" | "restore_id" | "verification_id" | "check_id">;

/** Notes what happened to a job, in the order that is given. One that is about no backup has no log. */
export async function logJob(db: Db, job: Of & Pick<Job, "attempts">, entries: readonly LogEntry[]): Promise<void> {
  const backup_id = await backupOf(db, job);
  if (backup_id === undefined || entries.length === 0) return;
  await db.insertInto("job_log").values(entries.map(({ event, at, detail = {} }) => ({
    job_id: job.id, backup_id, at, event, phase: null, run: job.attempts, detail: JSON.stringify(detail),
  }))).execute();
  if (entries.some(({ event }) => event === "ordered")) await forgetOldest(db, backup_id);
}

/** Notes a phase of a run, and its newest figures where it is noted. */
export async function logPhase(db: Db, job: Of, { detail, ...phase }: Pick<JobLogTable, "at" | "run"> & { phase: string; detail: LogDetail }): Promise<void> {
  const backup_id = await backupOf(db, job);
  if (backup_id === undefined) return;
  const figures = JSON.stringify(detail);
  await db.insertInto("job_log").values({ ...phase, job_id: job.id, backup_id, event: "phase", detail: figures })
    .onConflict((conflict) => conflict.columns(["job_id", "run", "phase"]).where(sql`event`, "=", sql.lit("phase")).doUpdateSet({ detail: figures })).execute();
}

async function backupOf(db: Db, job: Of): Promise<number | undefined> {
  if (job.backup_id !== null) return job.backup_id;
  for (const [table, id] of [["restores", job.restore_id], ["verifications", job.verification_id], ["checks", job.check_id]] as const) {
    if (id !== null) return (await db.selectFrom(table).select("backup_id").where("id", "=", id).executeTakeFirst())?.backup_id;
  }
  return undefined;
}

async function forgetOldest(db: Db, backupId: number): Promise<void> {
  const oldest = await db.selectFrom("job_log").select("id").where("backup_id", "=", backupId).orderBy("id", "desc").limit(1).offset(LINES_KEPT).executeTakeFirst();
  if (oldest !== undefined) await db.deleteFrom("job_log").where("backup_id", "=", backupId).where("id", "<=", oldest.id).execute();
}

/** What is noted of one backup, or of one job, of this scope's; the newest lines, the oldest first. */
export async function readLog(db: Db, scope: Scope, of: { readonly backup_id: number } | { readonly job_id: number }): Promise<LogRow[]> {
  const query = db.selectFrom("job_log").innerJoin("jobs", "jobs.id", "job_log.job_id").selectAll("job_log").select(["jobs.kind", "jobs.restore_id", "jobs.verification_id", "jobs.check_id"])
    .where(ownedBy("jobs.user_id", scope)).orderBy("job_log.id", "desc").limit(LINES_KEPT);
  const rows = await ("job_id" in of ? query.where("job_log.job_id", "=", of.job_id) : query.where("job_log.backup_id", "=", of.backup_id)).execute();
  return rows.toReversed();
}

/** Forgets what happened to a backup. */
export async function deleteLog(db: Db, backupId: number): Promise<void> {
  await db.deleteFrom("job_log").where("backup_id", "=", backupId).execute();
}
