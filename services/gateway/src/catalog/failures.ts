import type { ErrorCode } from "@safebase/contracts";
import { sql, type SqlBool } from "kysely";
import { INTACT } from "./checks.ts";
import { alsoOwnedBy, ownedBy, type Db, type Scope } from "./scope.ts";
import { OF_DATABASE, type OfDatabase } from "./standings.ts";

/** Something that failed, and what it was about. */
export interface FailureRow extends OfDatabase { id: number; backup_id: number; at: string; error_code: ErrorCode | null; error_msg: string | null }

const FAILED_AT = sql<string>`coalesce(work.finished_at, work.updated_at)`.as("at");
const ERROR = ["work.id as id", FAILED_AT, "work.error_code as error_code", "work.error_msg as error_msg"] as const;
/** In the words of the indexes. */
const FAILED = sql<SqlBool>`work.status = 'failed'`;

/** The last backups of databases, where they failed: nothing ended after them. */
export async function failedBackups(db: Db, scope: Scope, since: string, limit: number): Promise<FailureRow[]> {
  return db.selectFrom("backups as work").innerJoin("databases", "databases.id", "work.database_id").innerJoin("users", "users.id", "databases.user_id")
    .select(OF_DATABASE).select(ERROR).select("work.id as backup_id")
    .where(FAILED).where("work.finished_at", ">=", since).where("work.deleted_at", "is", null).where("databases.deleted_at", "is", null).where(ownedBy("databases.user_id", scope))
    .where((eb) => eb.not(eb.exists(eb.selectFrom("backups as later").select("later.id").whereRef("later.database_id", "=", "work.database_id")
      .where("later.status", "in", ["completed", "failed"]).whereRef("later.finished_at", ">", "work.finished_at"))))
    .orderBy("work.finished_at", "desc").limit(limit).execute();
}

/** Restores that failed, and were not done since. */
export async function failedRestores(db: Db, scope: Scope, since: string, limit: number): Promise<FailureRow[]> {
  return db.selectFrom("restores as work").innerJoin("databases", "databases.id", "work.target_database_id").innerJoin("users", "users.id", "work.user_id")
    .select(OF_DATABASE).select(ERROR).select("work.backup_id")
    .where(FAILED).where("work.finished_at", ">=", since).where("databases.deleted_at", "is", null).where(ownedBy("work.user_id", scope))
    .where((eb) => eb.not(eb.exists(eb.selectFrom("restores as later").select("later.id").whereRef("later.target_database_id", "=", "work.target_database_id")
      .whereRef("later.target_db_name", "=", "work.target_db_name").whereRef("later.id", ">", "work.id"))))
    .orderBy("work.finished_at", "desc").limit(limit).execute();
}

/** Test restores that failed, of databases of which none succeeded since. */
export async function failedVerifications(db: Db, scope: Scope, since: string, limit: number): Promise<FailureRow[]> {
  return db.selectFrom("verifications as work").innerJoin("backups", "backups.id", "work.backup_id").innerJoin("databases", "databases.id", "backups.database_id").innerJoin("users", "users.id", "databases.user_id")
    .select(OF_DATABASE).select(ERROR).select("work.backup_id")
    .where(FAILED).where("work.finished_at", ">=", since).where("backups.deleted_at", "is", null).where("databases.deleted_at", "is", null).where(ownedBy("work.user_id", scope))
    .where((eb) => eb.not(eb.exists(eb.selectFrom("verifications as later").innerJoin("backups as proved", "proved.id", "later.backup_id").select("later.id")
      .whereRef("later.id", ">", "work.id").whereRef("proved.database_id", "=", "backups.database_id").where("later.status", "in", ["completed", "failed"]))))
    .orderBy("work.finished_at", "desc").limit(limit).execute();
}

/** Checks that could not be done, of backups that none has read since. */
export async function failedChecks(db: Db, scope: Scope, since: string, limit: number): Promise<FailureRow[]> {
  return db.selectFrom("checks as work").innerJoin("backups", "backups.id", "work.backup_id").innerJoin("databases", "databases.id", "backups.database_id").innerJoin("users", "users.id", "databases.user_id")
    .select(OF_DATABASE).select(ERROR).select("work.backup_id")
    .where(FAILED).where("work.finished_at", ">=", since).where("backups.deleted_at", "is", null).where("databases.deleted_at", "is", null).where(ownedBy("work.user_id", scope))
    .where((eb) => eb.not(eb.exists(eb.selectFrom("checks as later").select("later.id").whereRef("later.backup_id", "=", "work.backup_id")
      .whereRef("later.id", ">", "work.id").where("later.status", "in", ["completed", "failed"]))))
    .orderBy("work.finished_at", "desc").limit(limit).execute();
}

export interface DamagedRow extends OfDatabase { count: number; backup_id: number; at: string }

/** Databases with backups that are not what was written any more, anywhere: how many, the newest of them, and since when. */
export async function damagedBackups(db: Db, scope: Scope, limit: number): Promise<DamagedRow[]> {
  const damaged = db.selectFrom("backups").where(sql<SqlBool>`integrity in ('damaged', 'missing')`).where("deleted_at", "is", null)
    .select((eb) => [sql<number>`+database_id`.as("of"), eb.fn.countAll<number>().as("count"), eb.fn.max("id").as("backup_id"), sql<string>`min(coalesce(checked_at, updated_at))`.as("at")]).groupBy(sql`+database_id`);
  return db.selectFrom(damaged.as("damaged")).innerJoin("databases", "databases.id", "damaged.of").innerJoin("users", "users.id", "databases.user_id")
    .select(OF_DATABASE).select(["damaged.count", "damaged.backup_id", "damaged.at"]).where(ownedBy("databases.user_id", scope)).orderBy("damaged.at", "desc").limit(limit).execute();
}

export interface LostRow { storage: string; count: number; backup_id: number; at: string }

/** Storages with copies that are not good, of backups that are good elsewhere. */
export async function lostCopies(db: Db, scope: Scope): Promise<LostRow[]> {
  return db.selectFrom("copies").innerJoin("backups", "backups.id", "copies.backup_id")
    .select((eb) => [sql<string>`max(copies.storage)`.as("storage"), eb.fn.countAll<number>().as("count"), eb.fn.max("backups.id").as("backup_id"), eb.fn.min("copies.updated_at").as("at")])
    .where(sql<SqlBool>`copies.state in ('damaged', 'missing')`).where("copies.deleted_at", "is", null)
    .where("backups.status", "=", "completed").where("backups.deleted_at", "is", null).where(INTACT).where(alsoOwnedBy("backups.user_id", scope)).groupBy(sql`copies.storage || ''`).execute();
}

export interface UndeliveredRow { channel_id: number; channel_name: string; count: number; at: string; error: string | null }

/** Channels whose newest alerts were given up: what ended with its channel was nobody's failure. */
export async function undelivered(db: Db, scope: Scope, since: string): Promise<UndeliveredRow[]> {
  const dead = db.selectFrom("notifications").innerJoin("channels", "channels.id", "notifications.channel_id")
    .where("notifications.status", "=", "dead").where("notifications.finished_at", ">=", since).whereRef("notifications.last_tried_at", "=", "notifications.finished_at")
    .where("channels.enabled", "=", 1).where(ownedBy("notifications.user_id", scope)).groupBy(["channels.id", "channels.name"])
    .select((eb) => ["channels.id as channel_id", "channels.name as channel_name", eb.fn.countAll<number>().as("count"), sql<string>`max(notifications.finished_at)`.as("at"), eb.fn.max("notifications.error").as("error")]);
  return db.selectFrom(dead.as("dead")).selectAll()
    .where((eb) => eb.not(eb.exists(eb.selectFrom("notifications as later").select("later.id").whereRef("later.channel_id", "=", "dead.channel_id")
      .where("later.status", "=", "delivered").whereRef("later.finished_at", ">", "dead.at")))).execute();
}
