import type { Trigger } from "@safebase/contracts";
import type { NewVerification, Status, Verification } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";
import { OUT, type Server } from "./turns.ts";

const OPEN = ["pending", "running"] as const satisfies readonly Status[];

/** A verification with what a list shows beside it. */
export interface VerificationRow extends Verification {
  database_id: number;
  database_name: string;
  type: "postgresql" | "mysql" | "mariadb";
  target_database_name: string;
  job_id: number;
}

export interface VerificationFilter { readonly status?: Status | undefined; readonly database_id?: number | undefined; readonly backup_id?: number | undefined }

/** Adds a verification that waits. Its scratch database is named after it, so that follows: see `nameScratch`. */
export async function insertVerification(
  db: Db, input: Pick<NewVerification, "user_id" | "backup_id" | "target_database_id" | "created_at"> & { trigger: Trigger },
): Promise<Verification> {
  return db.insertInto("verifications").values({
    ...input, scratch_db_name: "", status: "pending", tables: null, rows: null, differences: null, warnings: null,
    error_code: null, error_msg: null, error_hint: null, started_at: null, finished_at: null, updated_at: input.created_at,
  }).returningAll().executeTakeFirstOrThrow();
}

export async function nameScratch(db: Db, id: number, scratch_db_name: string): Promise<void> {
  await db.updateTable("verifications").set({ scratch_db_name }).where("id", "=", id).execute();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("verifications")
    .innerJoin("backups", "backups.id", "verifications.backup_id")
    .innerJoin("databases", "databases.id", "backups.database_id")
    .innerJoin("databases as target", "target.id", "verifications.target_database_id")
    .innerJoin("jobs", "jobs.verification_id", "verifications.id")
    .where(ownedBy("verifications.user_id", scope));
}

const BESIDE = [
  "backups.database_id as database_id", "databases.name as database_name", "backups.type as type", "target.name as target_database_name", "jobs.id as job_id",
] as const;

export async function findVerification(db: Db, id: number, scope: Scope): Promise<VerificationRow | undefined> {
  return rows(db, scope).selectAll("verifications").select(BESIDE).where("verifications.id", "=", id).executeTakeFirst();
}

/** One part of the list, newest first, and how many there are in all. */
export async function listVerifications(
  db: Db, scope: Scope, filter: VerificationFilter, part: { limit: number; offset: number },
): Promise<{ rows: VerificationRow[]; total: number }> {
  let query = rows(db, scope);
  if (filter.status !== undefined) query = query.where("verifications.status", "=", filter.status);
  if (filter.database_id !== undefined) query = query.where("backups.database_id", "=", filter.database_id);
  if (filter.backup_id !== undefined) query = query.where("verifications.backup_id", "=", filter.backup_id);
  const counted = await query.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const found = await query.selectAll("verifications").select(BESIDE).orderBy("verifications.id", "desc").limit(part.limit).offset(part.offset).execute();
  return { rows: found, total: counted.total };
}

/** A verification that is not over and reads this backup: until then it may not go. */
export async function openVerificationUsing(db: Db, backupId: number): Promise<Verification | undefined> {
  return db.selectFrom("verifications").selectAll().where("status", "in", OPEN).where("backup_id", "=", backupId).limit(1).executeTakeFirst();
}

/** The newest verification of a backup, whatever became of it. */
export async function lastVerification(db: Db, backupId: number): Promise<Verification | undefined> {
  return db.selectFrom("verifications").selectAll().where("backup_id", "=", backupId).orderBy("id", "desc").limit(1).executeTakeFirst();
}

export async function anyVerification(db: Db, id: number): Promise<Verification> {
  return db.selectFrom("verifications").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

export async function startVerification(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("verifications").set({ status: "running", started_at: at, updated_at: at })
    .where("id", "=", id).where("status", "=", "pending").execute();
}

type Outcome = Partial<Pick<Verification, "tables" | "rows" | "differences" | "warnings" | "error_code" | "error_msg" | "error_hint">>
  & { status: "completed" | "failed" | "canceled"; at: string };

export async function finishVerification(db: Db, id: number, { at, ...outcome }: Outcome): Promise<void> {
  await db.updateTable("verifications").set({ ...outcome, finished_at: at, updated_at: at })
    .where("id", "=", id).where("status", "in", OPEN).execute();
}

/** Notes that a backup was proved, thus read back as well; not for one that is gone. */
export async function markVerified(db: Db, backupId: number, at: string): Promise<void> {
  await db.updateTable("backups").set({ verified_at: at, integrity: "good", checked_at: at, updated_at: at }).where("id", "=", backupId).where("deleted_at", "is", null).execute();
}

/** Is a verification on this very server with an executor of the group? */
export async function verificationAtWork(db: Db, server: Server): Promise<boolean> {
  const row = await db.selectFrom("jobs").select("jobs.id")
    .innerJoin("verifications", "verifications.id", "jobs.verification_id").innerJoin("databases", "databases.id", "verifications.target_database_id")
    .where(OUT).where("jobs.executor_group", "=", server.executor_group)
    .where("databases.host", "=", server.host).where("databases.port", "=", server.port).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** A verification of any backup of this schedule that is not over. */
export async function openVerificationOfSchedule(db: Db, scheduleId: number): Promise<Verification | undefined> {
  return db.selectFrom("verifications").innerJoin("backups", "backups.id", "verifications.backup_id").selectAll("verifications")
    .where("backups.schedule_id", "=", scheduleId).where("verifications.status", "in", OPEN).limit(1).executeTakeFirst();
}

/** How many backups of a schedule were completed after the last one that was verified, or was to be. */
export async function completedSinceVerification(db: Db, scheduleId: number): Promise<number> {
  const { count } = await db.selectFrom("backups").select((eb) => eb.fn.countAll().as("count"))
    .where("schedule_id", "=", scheduleId).where("status", "=", "completed")
    .where((eb) => eb("backups.id", ">", eb.fn.coalesce(
      eb.selectFrom("verifications").innerJoin("backups as tried", "tried.id", "verifications.backup_id")
        .select((inner) => inner.fn.max("tried.id").as("id")).where("tried.schedule_id", "=", scheduleId), eb.lit(0))))
    .executeTakeFirstOrThrow();
  return Number(count);
}
