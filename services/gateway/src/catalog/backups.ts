import type { Insertable } from "kysely";
import type { Backup, Catalog, NewBackup } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** A backup with what a list shows beside it. */
export interface BackupRow extends Backup { database_name: string; job_id: number; user_email: string }

/** Adds a backup that waits. Undefined when this schedule's planned time has had its backup. */
export async function insertBackup(
  db: Db, input: Pick<NewBackup, "user_id" | "database_id" | "schedule_id" | "planned_at" | "trigger" | "type" | "format" | "compression" | "created_at">
    & Partial<Pick<Insertable<Catalog["backups"]>, "encryption_key_id" | "recipients">>,
): Promise<Backup | undefined> {
  return db.insertInto("backups").values({
    ...input, stem: "", status: "pending", updated_at: input.created_at,
    filename: null, filepath: null, size_bytes: null, raw_size_bytes: null, sha256: null, server: null, tool: null, contents: null,
    warnings: null, error_code: null, error_msg: null, error_hint: null, started_at: null, finished_at: null, deleted_at: null, purged_at: null,
  }).onConflict((conflict) => conflict.columns(["schedule_id", "planned_at"]).doNothing()).returningAll().executeTakeFirst();
}

/** The stem carries the backup's id, so it is known only after the insert. */
export async function setStem(db: Db, id: number, stem: string): Promise<void> {
  await db.updateTable("backups").set({ stem }).where("id", "=", id).execute();
}

/** Backups, and what a list shows beside them. */
export function backupRows(db: Db) {
  return db.selectFrom("backups")
    .innerJoin("databases", "databases.id", "backups.database_id").innerJoin("users", "users.id", "backups.user_id")
    .innerJoin("jobs", (join) => join.onRef("jobs.backup_id", "=", "backups.id").on("jobs.kind", "=", "backup"))
    .selectAll("backups").select(["databases.name as database_name", "jobs.id as job_id", "users.email as user_email"]);
}

/** A backup that is not deleted. */
export async function findBackup(db: Db, id: number, scope: Scope): Promise<BackupRow | undefined> {
  return backupRows(db).where("backups.id", "=", id).where("backups.deleted_at", "is", null).where(ownedBy("backups.user_id", scope)).executeTakeFirst();
}

/** Any backup, deleted ones too: for our own work, never for an answer. */
export async function anyBackup(db: Db, id: number): Promise<Backup> {
  return db.selectFrom("backups").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

/** Makes other transactions that lock this backup wait for ours. Undefined when it is not there for this scope. */
export async function lockBackup(db: Db, id: number, scope: Scope): Promise<Backup | undefined> {
  return db.updateTable("backups").set((eb) => ({ updated_at: eb.ref("updated_at") }))
    .where("id", "=", id).where("deleted_at", "is", null).where(ownedBy("backups.user_id", scope)).returningAll().executeTakeFirst();
}

export async function startBackup(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("backups").set({ status: "running", started_at: at, updated_at: at })
    .where("id", "=", id).where("status", "=", "pending").execute();
}

type Outcome = Partial<Pick<Backup, "filename" | "filepath" | "size_bytes" | "raw_size_bytes" | "sha256" | "recipients" | "server" | "tool" | "contents" | "parts"
  | "warnings" | "error_code" | "error_msg" | "error_hint" | "started_at">> & { status: "completed" | "failed" | "canceled"; at: string };

export async function finishBackup(db: Db, id: number, { at, ...outcome }: Outcome): Promise<void> {
  await db.updateTable("backups").set({ ...outcome, finished_at: at, updated_at: at })
    .where("id", "=", id).where("status", "in", ["pending", "running"]).execute();
}

export async function markDeleted(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("backups").set({ deleted_at: at, updated_at: at }).where("id", "=", id).where("deleted_at", "is", null).execute();
}

export async function markPurged(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("backups").set({ purged_at: at, updated_at: at }).where("id", "=", id).execute();
}

export async function setPinned(db: Db, id: number, pinned: boolean, at: string): Promise<void> {
  await db.updateTable("backups").set({ pinned: pinned ? 1 : 0, updated_at: at }).where("id", "=", id).execute();
}

/** The backup that a schedule made for one planned time, if any. */
export async function backupPlannedAt(db: Db, scheduleId: number, plannedAt: string): Promise<Backup | undefined> {
  return db.selectFrom("backups").selectAll().where("schedule_id", "=", scheduleId).where("planned_at", "=", plannedAt).executeTakeFirst();
}

/** A backup of this schedule that is not over yet. */
export async function openBackupOfSchedule(db: Db, scheduleId: number): Promise<Backup | undefined> {
  return db.selectFrom("backups").selectAll().where("schedule_id", "=", scheduleId).where("status", "in", ["pending", "running"])
    .limit(1).executeTakeFirst();
}

/** How the last backup of the same database ended before this one, if any did. */
export async function statusBefore(db: Db, backup: Backup): Promise<"completed" | "failed" | undefined> {
  const row = await db.selectFrom("backups").select("status").where("database_id", "=", backup.database_id).where("id", "!=", backup.id)
    .where("status", "in", ["completed", "failed"]).orderBy("finished_at", "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.status as "completed" | "failed" | undefined;
}
