import type { ChannelType, EngineType, CopyState, ErrorCode, JobKind, Trigger } from "@safebase/contracts";
import { sql } from "kysely";
import { INTACT } from "./checks.ts";
import type { Db } from "./scope.ts";
import type { Job, NotificationStatus, Objective, Status, StorageStatus } from "./schema.ts";

/** Read-only queries for Prometheus: everybody's, and few of them whatever the catalog holds. */

export interface Ended {
  readonly status: Status;
  readonly engine: EngineType;
  readonly trigger: Trigger | null;
  readonly error_code: ErrorCode | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** The backup's that was made or read. */
  readonly size_bytes: number | null;
  readonly raw_size_bytes: number | null;
  /** Of a completed check: what it found. */
  readonly result?: CopyState | null;
}

/** How the backup, restore, verification, check or copy of a job ended; undefined for a job of another kind. */
export async function endedBy(db: Db, job: Pick<Job, "id" | "kind" | "backup_id" | "restore_id" | "verification_id" | "check_id">): Promise<Ended | undefined> {
  if (job.kind === "backup") {
    return db.selectFrom("backups").select(["status", "type as engine", "trigger", "error_code", "started_at", "finished_at", "size_bytes", "raw_size_bytes"])
      .where("id", "=", job.backup_id).executeTakeFirst();
  }
  if (job.kind === "restore") {
    return db.selectFrom("restores as ended").innerJoin("backups", "backups.id", "ended.backup_id")
      .select(["ended.status", "type as engine", sql<null>`null`.as("trigger"), "ended.error_code", "ended.started_at", "ended.finished_at", "size_bytes", "raw_size_bytes"])
      .where("ended.id", "=", job.restore_id).executeTakeFirst();
  }
  if (job.kind === "check") {
    return db.selectFrom("checks as ended").innerJoin("backups", "backups.id", "ended.backup_id")
      .select(["ended.status", "type as engine", "ended.trigger", "ended.error_code", "ended.started_at", "ended.finished_at", "size_bytes", "raw_size_bytes", "ended.result"])
      .where("ended.id", "=", job.check_id).executeTakeFirst();
  }
  if (job.kind === "copy") {
    return db.selectFrom("jobs as ended").innerJoin("backups", "backups.id", "ended.backup_id")
      .select(["ended.status", "type as engine", sql<null>`null`.as("trigger"), sql<null>`null`.as("error_code"), "ended.started_at", "ended.finished_at", "size_bytes", "raw_size_bytes"])
      .where("ended.id", "=", job.id).executeTakeFirst();
  }
  if (job.kind !== "verify") return undefined;
  return db.selectFrom("verifications as ended").innerJoin("backups", "backups.id", "ended.backup_id")
    .select(["ended.status", "type as engine", "ended.trigger", "ended.error_code", "ended.started_at", "ended.finished_at", "size_bytes", "raw_size_bytes"])
    .where("ended.id", "=", job.verification_id).executeTakeFirst();
}

export interface OpenJobs {
  readonly kind: JobKind;
  readonly status: Status;
  readonly executor_group: string;
  readonly jobs: number;
  /** Of these, those that nothing but an executor is missing to. */
  readonly waiting: number;
  /** Of those, the ones that others go before: no executor has been given them yet. */
  readonly in_turn: number;
  readonly waiting_since: string | null;
}

/** Jobs that are not over, and since when the oldest could have run: later than it was made when it had to wait for its time or another job. */
export async function openJobGroups(db: Db, now: string): Promise<OpenJobs[]> {
  const ready = sql<boolean>`jobs.status = 'pending' and jobs.not_before <= ${now} and (jobs.after_job_id is null or before.status = 'completed')`;
  const since = sql<string>`coalesce(before.finished_at, case when jobs.not_before > jobs.created_at then jobs.not_before else jobs.created_at end)`;
  const rows = await db.selectFrom("jobs").leftJoin("jobs as before", "before.id", "jobs.after_job_id")
    .select((eb) => [
      "jobs.kind", "jobs.status", "jobs.executor_group", eb.fn.countAll().as("jobs"),
      sql<number | string>`sum(case when ${ready} then 1 else 0 end)`.as("waiting"),
      sql<number | string>`sum(case when ${ready} and jobs.published_at is null then 1 else 0 end)`.as("in_turn"),
      sql<string | null>`min(case when ${ready} then ${since} end)`.as("waiting_since"),
    ])
    .where("jobs.status", "in", ["pending", "running"]).groupBy(["jobs.kind", "jobs.status", "jobs.executor_group"]).execute();
  return rows.map((row) => ({ ...row, jobs: Number(row.jobs), waiting: Number(row.waiting), in_turn: Number(row.in_turn) }));
}

/** When a backup's data was taken: in the words of the indexes backups_newest and backups_verified, which answer alone. */
const TAKEN_AT = sql<string>`(coalesce(started_at, created_at))`;

export interface DatabaseFacts {
  readonly id: number;
  readonly name: string;
  readonly type: EngineType;
  /** When the data of the newest completed backup that is not known to be damaged was taken, and of the newest that a test restore has proved. */
  readonly last_success_at: string | null;
  readonly last_verified_at: string | null;
}

/** Registered databases and their newest backup, and newest verified one; those that miss an objective first, when there are more than `limit`. */
export async function databaseFacts(db: Db, limit: number): Promise<DatabaseFacts[]> {
  const listed = db.selectFrom("databases").select(["databases.id", "databases.name", "databases.type"]).where("deleted_at", "is", null)
    .orderBy(sql`case when exists (select 1 from objectives where objectives.database_id = databases.id and state in ('missed', 'at_risk')) then 0 else 1 end`)
    .orderBy("databases.id").limit(limit).as("listed");
  return db.selectFrom(listed).select((eb) => {
    const newest = eb.selectFrom("backups").select((on) => on.fn.max(TAKEN_AT).as("at")).whereRef("backups.database_id", "=", "listed.id")
      .where(sql<boolean>`backups.status = 'completed'`).where("backups.deleted_at", "is", null).where(INTACT);
    return [
      "listed.id", "listed.name", "listed.type", newest.as("last_success_at"),
      newest.where("backups.verified_at", "is not", null).as("last_verified_at"),
    ];
  }).execute();
}

export interface DatabaseCount { readonly type: EngineType; readonly executor_group: string; readonly databases: number }

export async function countDatabasesByGroup(db: Db): Promise<DatabaseCount[]> {
  const rows = await db.selectFrom("databases").select((eb) => ["type", "executor_group", eb.fn.countAll().as("databases")])
    .where("deleted_at", "is", null).groupBy(["type", "executor_group"]).execute();
  return rows.map((row) => ({ ...row, databases: Number(row.databases) }));
}

export interface DamagedCount { readonly type: EngineType; readonly backups: number }

/** Backups that a check found damaged or missing, and that are still listed. */
export async function countDamaged(db: Db): Promise<DamagedCount[]> {
  const rows = await db.selectFrom("backups").select((eb) => ["type", eb.fn.countAll().as("backups")])
    .where(sql<boolean>`integrity in ('damaged', 'missing')`).where("deleted_at", "is", null).groupBy("type").execute();
  return rows.map((row) => ({ ...row, backups: Number(row.backups) }));
}

export interface LostCount { readonly storage: string; readonly state: "damaged" | "missing"; readonly copies: number }

/** Copies of completed backups that are not good, and that are still wanted. */
export async function countLostCopies(db: Db): Promise<LostCount[]> {
  const rows = await db.selectFrom("copies").innerJoin("backups", "backups.id", "copies.backup_id")
    .select((eb) => ["copies.storage", sql<"damaged" | "missing">`copies.state`.as("state"), eb.fn.countAll().as("copies")])
    .where(sql<boolean>`copies.state in ('damaged', 'missing')`).where("copies.deleted_at", "is", null)
    .where("backups.status", "=", "completed").where("backups.deleted_at", "is", null).groupBy(["copies.storage", "copies.state"]).execute();
  return rows.map((row) => ({ ...row, copies: Number(row.copies) }));
}

/** Every storage by its name. */
export async function storageNames(db: Db): Promise<string[]> {
  return (await db.selectFrom("storages").select("name").orderBy("id").execute()).map(({ name }) => name);
}

export type ObjectiveFacts = Pick<Objective, "database_id" | "kind" | "state" | "enabled" | "max_age_s" | "created_at">;

export async function objectiveFacts(db: Db): Promise<ObjectiveFacts[]> {
  return db.selectFrom("objectives").innerJoin("databases", "databases.id", "objectives.database_id")
    .select(["objectives.database_id", "objectives.kind", "objectives.state", "objectives.enabled", "objectives.max_age_s", "objectives.created_at"])
    .where("enabled", "=", 1).where("databases.deleted_at", "is", null).execute();
}

export async function countEnabledSchedules(db: Db): Promise<number> {
  const { count } = await db.selectFrom("schedules").select((eb) => eb.fn.countAll().as("count")).where("enabled", "=", 1).executeTakeFirstOrThrow();
  return Number(count);
}

export interface NotificationCount {
  readonly channel_type: ChannelType;
  readonly status: NotificationStatus;
  readonly notifications: number;
  /** Of these, those that NATS has not taken yet. */
  readonly unpublished: number;
  readonly oldest_at: string;
}

/**
 * Notifications that are not over, and those given up since a time: whose last try was their end. What ended with its
 * channel was nobody's failure.
 */
export async function notificationCounts(db: Db, dead_since: string): Promise<NotificationCount[]> {
  const counts = () => db.selectFrom("notifications").groupBy(["channel_type", "status"]).select((eb) => [
    "channel_type", "status", eb.fn.countAll().as("notifications"), eb.fn.min("created_at").as("oldest_at"),
    sql<number | string>`sum(case when published_at is null then 1 else 0 end)`.as("unpublished"),
  ]);
  const open = await counts().where(sql<boolean>`status in ('pending', 'retrying')`).execute(); // as the index notifications_open has it
  const dead = await counts().where("status", "=", "dead").where("finished_at", ">=", dead_since).whereRef("last_tried_at", "=", "finished_at").execute();
  return [...open, ...dead].map((row) => ({ ...row, notifications: Number(row.notifications), unpublished: Number(row.unpublished) }));
}

export async function storageFacts(db: Db): Promise<StorageStatus[]> {
  return db.selectFrom("storage_status").selectAll().execute();
}
