import type { EngineType, JobKind } from "@safebase/contracts";
import { ownedBy, type Db, type Scope } from "./scope.ts";
import type { Job, Status } from "./schema.ts";

export interface BackupCount { type: EngineType; status: Status; count: number; size_bytes: number }

/** Backups that are not deleted, by type and status, and what they take. */
export async function countBackups(db: Db, scope: Scope, since?: string): Promise<BackupCount[]> {
  let query = db.selectFrom("backups").where("deleted_at", "is", null).where(ownedBy("backups.user_id", scope));
  if (since !== undefined) query = query.where("created_at", ">=", since);
  const rows = await query.select((eb) => ["type", "status", eb.fn.countAll().as("count"), eb.fn.sum("size_bytes").as("size_bytes")])
    .groupBy(["type", "status"]).execute();
  return rows.map((row) => ({ ...row, count: Number(row.count), size_bytes: Number(row.size_bytes ?? 0) }));
}

export async function countDatabases(db: Db, scope: Scope): Promise<number> {
  const row = await db.selectFrom("databases").select((eb) => eb.fn.countAll().as("count")).where("deleted_at", "is", null)
    .where(ownedBy("databases.user_id", scope)).executeTakeFirstOrThrow();
  return Number(row.count);
}

export interface OpenJob extends Pick<Job, "id" | "status" | "backup_id" | "restore_id" | "verification_id" | "check_id" | "copy_id" | "created_at" | "started_at"> { kind: JobKind }

export async function openJobs(db: Db, scope: Scope, limit: number): Promise<OpenJob[]> {
  return db.selectFrom("jobs").select(["id", "kind", "status", "backup_id", "restore_id", "verification_id", "check_id", "copy_id", "created_at", "started_at"])
    .where("status", "in", ["pending", "running"]).where(ownedBy("jobs.user_id", scope)).orderBy("id").limit(limit).execute();
}
