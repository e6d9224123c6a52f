import type { CopyState, IntegrityState, Trigger } from "@safebase/contracts";
import { sql } from "kysely";
import type { Backup, Check, NewCheck, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";
import { OUT } from "./turns.ts";

const OPEN = ["pending", "running"] as const satisfies readonly Status[];

/** Of backups that no check found damaged or missing: in the words of the indexes backups_newest and backups_verified. */
export const INTACT = sql<boolean>`backups.integrity in ('unchecked', 'good')`;

/** A check with what a list shows beside it. */
export interface CheckRow extends Check {
  database_id: number;
  database_name: string;
  type: Backup["type"];
  job_id: number;
}

export interface CheckFilter {
  readonly status?: Status | undefined;
  readonly result?: CopyState | undefined;
  readonly database_id?: number | undefined;
  readonly backup_id?: number | undefined;
}

/** Adds a check that waits. */
export async function insertCheck(db: Db, input: Pick<NewCheck, "user_id" | "backup_id" | "created_at"> & { trigger: Trigger }): Promise<Check> {
  return db.insertInto("checks").values({
    ...input, status: "pending", result: null, copies: null, error_code: null, error_msg: null, error_hint: null,
    started_at: null, finished_at: null, updated_at: input.created_at,
  }).returningAll().executeTakeFirstOrThrow();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("checks")
    .innerJoin("backups", "backups.id", "checks.backup_id")
    .innerJoin("databases", "databases.id", "backups.database_id")
    .innerJoin("jobs", "jobs.check_id", "checks.id")
    .where(ownedBy("checks.user_id", scope));
}

const BESIDE = ["backups.database_id as database_id", "databases.name as database_name", "backups.type as type", "jobs.id as job_id"] as const;

export async function findCheck(db: Db, id: number, scope: Scope): Promise<CheckRow | undefined> {
  return rows(db, scope).selectAll("checks").select(BESIDE).where("checks.id", "=", id).executeTakeFirst();
}

/** One part of the list, newest first, and how many there are in all. */
export async function listChecks(db: Db, scope: Scope, filter: CheckFilter, part: { limit: number; offset: number }): Promise<{ rows: CheckRow[]; total: number }> {
  let query = rows(db, scope);
  if (filter.status !== undefined) query = query.where("checks.status", "=", filter.status);
  if (filter.result !== undefined) query = query.where("checks.result", "=", filter.result);
  if (filter.database_id !== undefined) query = query.where("backups.database_id", "=", filter.database_id);
  if (filter.backup_id !== undefined) query = query.where("checks.backup_id", "=", filter.backup_id);
  const counted = await query.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const found = await query.selectAll("checks").select(BESIDE).orderBy("checks.id", "desc").limit(part.limit).offset(part.offset).execute();
  return { rows: found, total: counted.total };
}

/** A check that is not over and reads this backup: until then it may not go. */
export async function openCheckUsing(db: Db, backupId: number): Promise<Check | undefined> {
  return db.selectFrom("checks").selectAll().where("status", "in", OPEN).where("backup_id", "=", backupId).limit(1).executeTakeFirst();
}

export async function anyCheck(db: Db, id: number): Promise<Check> {
  return db.selectFrom("checks").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

export async function startCheck(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("checks").set({ status: "running", started_at: at, updated_at: at }).where("id", "=", id).where("status", "=", "pending").execute();
}

type Outcome = Partial<Pick<Check, "result" | "copies" | "error_code" | "error_msg" | "error_hint">> & { status: "completed" | "failed" | "canceled"; at: string };

export async function finishCheck(db: Db, id: number, { at, ...outcome }: Outcome): Promise<void> {
  await db.updateTable("checks").set({ ...outcome, finished_at: at, updated_at: at }).where("id", "=", id).where("status", "in", OPEN).execute();
}

/** Notes what a backup's bytes were found to be; not of one that is gone. */
export async function setIntegrity(db: Db, backupId: number, integrity: IntegrityState, at: string): Promise<void> {
  await db.updateTable("backups").set({ integrity, checked_at: at, updated_at: at }).where("id", "=", backupId).where("deleted_at", "is", null).execute();
}


/** Is a check with an executor of this group? */
export async function checkAtWork(db: Db, group: string): Promise<boolean> {
  const row = await db.selectFrom("jobs").select("id").where(OUT).where("kind", "=", "check").where("executor_group", "=", group).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** The newest completed backup of a database that is not known to be damaged. */
export async function newestIntact(db: Db, databaseId: number): Promise<number | undefined> {
  const row = await db.selectFrom("backups").select("id").where("database_id", "=", databaseId).where("status", "=", "completed")
    .where("deleted_at", "is", null).where(INTACT).orderBy(sql`coalesce(started_at, created_at)`, "desc").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.id;
}

/** When a stored backup was last known to be as it was written, as the index backups_seen has it. */
const SEEN_AT = sql<string>`coalesce(checked_at, finished_at)`;

/** Stored backups whose check nobody has ordered yet. */
function uncheckedBackups(db: Db) {
  return db.selectFrom("backups").where(sql<boolean>`backups.status = 'completed'`).where("backups.deleted_at", "is", null)
    .where((eb) => eb.not(eb.exists(eb.selectFrom("checks").select("checks.id").whereRef("checks.backup_id", "=", "backups.id").where("checks.status", "in", OPEN))));
}

/** How many of them were last seen on each day (of UTC), the oldest first. */
export async function seenByDay(db: Db): Promise<{ day: string; backups: number }[]> {
  const day = sql<string>`substr(${SEEN_AT}, 1, 10)`;
  const found = await uncheckedBackups(db).select((eb) => [day.as("day"), eb.fn.countAll().as("backups")]).groupBy(day).orderBy(day).execute();
  return found.map((row) => ({ day: row.day, backups: Number(row.backups) }));
}

/** Those that were not seen for the longest time. */
export async function longestUnseen(db: Db, limit: number): Promise<number[]> {
  const found = await uncheckedBackups(db).select("backups.id").orderBy(SEEN_AT).orderBy("backups.id").limit(limit).execute();
  return found.map(({ id }) => id);
}
