import { ownedBy, type Db, type Scope } from "./scope.ts";
import type { Database, NewDatabase } from "./schema.ts";
import { leaveOut } from "./servers.ts";

export async function insertDatabase(db: Db, row: NewDatabase): Promise<Database> {
  return db.insertInto("databases").values(row).returningAll().executeTakeFirstOrThrow();
}

/** A registered database; one that was unregistered is not found. */
export async function findDatabase(db: Db, id: number, scope: Scope): Promise<Database | undefined> {
  return db.selectFrom("databases").selectAll().where("id", "=", id).where("deleted_at", "is", null)
    .where(ownedBy("databases.user_id", scope)).executeTakeFirst();
}

export async function listDatabases(db: Db, scope: Scope): Promise<Database[]> {
  return db.selectFrom("databases").selectAll().where("deleted_at", "is", null)
    .where(ownedBy("databases.user_id", scope)).orderBy("id").execute();
}

export type DatabaseChange = Partial<Omit<Database, "id" | "user_id" | "created_at" | "deleted_at">>;

/** The row after the change; undefined when it is gone meanwhile. */
export async function updateDatabase(db: Db, id: number, change: DatabaseChange): Promise<Database | undefined> {
  return db.updateTable("databases").set(change).where("id", "=", id).where("deleted_at", "is", null).returningAll().executeTakeFirst();
}

export interface Unregistered { readonly outcome: "done" | "missing" | "busy" | "verifies"; readonly schedule_ids: number[] }

/**
 * Unregisters a database with its schedules, inside a transaction. One that has a history stays as a tombstone without
 * password, so that its backups can still be listed, downloaded and restored elsewhere. Nothing happens while a job of
 * it is open, nor while schedules of others have their backups verified on its server. The server that it was registered
 * with leaves it out from now on.
 */
export async function unregisterDatabase(tx: Db, id: number, now: string): Promise<Unregistered> {
  const found = await findDatabase(tx, id, "all");
  if (found !== undefined) await leaveOut(tx, found); // before the database is locked: a sync locks them in this order
  if (await lockDatabase(tx, id, "all") === undefined) return { outcome: "missing", schedule_ids: [] };
  if (await hasOpenJobs(tx, id)) return { outcome: "busy", schedule_ids: [] };
  const verified = await verifiedOn(tx, id);
  if (verified.length > 0) return { outcome: "verifies", schedule_ids: verified };
  const schedules = await tx.deleteFrom("schedules").where("database_id", "=", id).returning("id").execute();
  if (await hasHistory(tx, id)) {
    await tx.updateTable("databases").set({ deleted_at: now, updated_at: now, password_sealed: null }).where("id", "=", id).execute();
  } else {
    await tx.deleteFrom("databases").where("id", "=", id).execute();
  }
  return { outcome: "done", schedule_ids: schedules.map((schedule) => schedule.id) };
}

async function hasOpenJobs(db: Db, id: number): Promise<boolean> {
  const open = await db.selectFrom("jobs").select("jobs.id")
    .leftJoin("backups", "backups.id", "jobs.backup_id").leftJoin("restores", "restores.id", "jobs.restore_id")
    .leftJoin("verifications", "verifications.id", "jobs.verification_id")
    .where("jobs.status", "in", ["pending", "running"])
    .where((eb) => eb.or([eb("backups.database_id", "=", id), eb("restores.target_database_id", "=", id), eb("verifications.target_database_id", "=", id)]))
    .limit(1).executeTakeFirst();
  return open !== undefined;
}

async function hasHistory(db: Db, id: number): Promise<boolean> {
  const backup = await db.selectFrom("backups").select("id").where("database_id", "=", id).limit(1).executeTakeFirst();
  const restore = await db.selectFrom("restores").select("id").where("target_database_id", "=", id).limit(1).executeTakeFirst();
  const verification = await db.selectFrom("verifications").select("id").where("target_database_id", "=", id).limit(1).executeTakeFirst();
  return backup !== undefined || restore !== undefined || verification !== undefined;
}

/** Schedules of other databases whose backups are verified on this one's server. */
async function verifiedOn(db: Db, id: number): Promise<number[]> {
  const rows = await db.selectFrom("schedules").select("id").where("verify_database_id", "=", id).where("database_id", "!=", id).orderBy("id").execute();
  return rows.map((schedule) => schedule.id);
}

/** Makes other transactions that lock this database wait for ours. Undefined when it is not registered for this scope. */
export async function lockDatabase(db: Db, id: number, scope: Scope): Promise<Database | undefined> {
  return db.updateTable("databases").set((eb) => ({ updated_at: eb.ref("updated_at") }))
    .where("id", "=", id).where("deleted_at", "is", null).where(ownedBy("databases.user_id", scope)).returningAll().executeTakeFirst();
}

/** Any database, unregistered ones too: for our own work, never for an answer. */
export async function anyDatabase(db: Db, id: number): Promise<Database> {
  return db.selectFrom("databases").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}
