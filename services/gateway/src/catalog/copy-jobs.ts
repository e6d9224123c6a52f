import { jobValues, logOrdered, type JobInput } from "./jobs.ts";
import type { Job, Status } from "./schema.ts";
import type { Db } from "./scope.ts";
import { OUT } from "./turns.ts";

const OPEN = ["pending", "running"] as const satisfies readonly Status[];

/** A copy's job that waits. Undefined when one of that kind is open already. */
export async function insertCopyJob(db: Db, input: JobInput & { copy_id: number }): Promise<Job | undefined> {
  const job = await db.insertInto("jobs").values(jobValues(input)).onConflict((conflict) => conflict.doNothing()).returningAll().executeTakeFirst();
  if (job !== undefined) await logOrdered(db, job);
  return job;
}

/** The jobs about a copy, the newest first. */
export async function jobsOfCopy(db: Db, copyId: number, kind: "copy" | "delete"): Promise<Job[]> {
  return db.selectFrom("jobs").selectAll().where("copy_id", "=", copyId).where("kind", "=", kind).orderBy("id", "desc").execute();
}

/** Lets a copy's job that waits for its time go as soon as a job of its user can. */
export async function hurryCopy(db: Db, jobId: number, at: string): Promise<void> {
  await db.updateTable("jobs").set({ not_before: at, turn_at: at }).where("id", "=", jobId).where("status", "=", "pending").where("not_before", ">", at).execute();
}

/** The jobs that are to make copies of this backup, or only of one of them. */
export async function openCopyJobs(db: Db, backupId: number, copyId?: number): Promise<Job[]> {
  const query = db.selectFrom("jobs").selectAll().where("backup_id", "=", backupId).where("kind", "=", "copy").where("status", "in", OPEN).orderBy("id");
  return (copyId === undefined ? query : query.where("copy_id", "=", copyId)).execute();
}

/** Is a copy with an executor of this group? */
export async function copyAtWork(db: Db, group: string): Promise<boolean> {
  const row = await db.selectFrom("jobs").select("id").where(OUT).where("kind", "=", "copy").where("executor_group", "=", group).limit(1).executeTakeFirst();
  return row !== undefined;
}
