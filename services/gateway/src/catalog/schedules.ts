import { sql } from "kysely";
import type { NewSchedule, Schedule } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export interface ScheduleRow extends Schedule { user_email: string; database_name: string; database_storages: string | null }

export async function insertSchedule(db: Db, row: NewSchedule): Promise<Schedule> {
  return db.insertInto("schedules").values(row).returningAll().executeTakeFirstOrThrow();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("schedules").innerJoin("databases", "databases.id", "schedules.database_id").innerJoin("users", "users.id", "schedules.user_id")
    .selectAll("schedules").select(["users.email as user_email", "databases.name as database_name", "databases.storages as database_storages"]).where(ownedBy("schedules.user_id", scope));
}

export async function findSchedule(db: Db, id: number, scope: Scope): Promise<ScheduleRow | undefined> {
  return rows(db, scope).where("schedules.id", "=", id).executeTakeFirst();
}

export interface ScheduleFilter {
  readonly database_id?: number | undefined;
  readonly enabled?: boolean | undefined;
  /** Part of its name or its database's, in whatever case. */
  readonly search?: string | undefined;
}

function filtered(db: Db, scope: Scope, { database_id, enabled, search }: ScheduleFilter) {
  let query = rows(db, scope);
  if (database_id !== undefined) query = query.where("schedules.database_id", "=", database_id);
  if (enabled !== undefined) query = query.where("schedules.enabled", "=", enabled ? 1 : 0);
  const part = `%${(search ?? "").toLowerCase().replaceAll(/[\\%_]/g, "\\$&")}%`;
  if (search !== undefined) query = query.where(sql<boolean>`(lower(schedules.name) like ${part} escape '\\' or lower(databases.name) like ${part} escape '\\')`);
  return query;
}

export async function listSchedules(db: Db, scope: Scope, filter: ScheduleFilter): Promise<ScheduleRow[]> {
  return filtered(db, scope, filter).orderBy("schedules.id").execute();
}

/** One part of the list, by database, and how many there are in all. */
export async function pageOfSchedules(db: Db, scope: Scope, filter: ScheduleFilter, part: { limit: number; offset: number }): Promise<{ rows: ScheduleRow[]; total: number }> {
  const query = filtered(db, scope, filter);
  const { total } = await query.clearSelect().select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow();
  return { rows: await query.orderBy("databases.name").orderBy("schedules.id").limit(part.limit).offset(part.offset).execute(), total: Number(total) };
}

export type ScheduleChange = Partial<Omit<Schedule, "id" | "user_id" | "database_id" | "created_at">> & { updated_at: string };

export async function updateSchedule(db: Db, id: number, scope: Scope, change: ScheduleChange): Promise<Schedule | undefined> {
  return db.updateTable("schedules").set(change).where("id", "=", id).where(ownedBy("schedules.user_id", scope)).returningAll().executeTakeFirst();
}

export async function deleteSchedule(db: Db, id: number, scope: Scope): Promise<Schedule | undefined> {
  return db.deleteFrom("schedules").where("id", "=", id).where(ownedBy("schedules.user_id", scope)).returningAll().executeTakeFirst();
}

/** Ends all schedules of these databases. */
export async function deleteSchedulesOf(db: Db, database_ids: readonly number[]): Promise<void> {
  if (database_ids.length > 0) await db.deleteFrom("schedules").where("database_id", "in", database_ids).execute();
}

/** What the scheduler shall run. */
export async function enabledSchedules(db: Db): Promise<Schedule[]> {
  return db.selectFrom("schedules").selectAll("schedules").innerJoin("databases", "databases.id", "schedules.database_id")
    .where("schedules.enabled", "=", 1).where("databases.deleted_at", "is", null).orderBy("schedules.id").execute();
}

/** From now on planned times count again: none from before is caught up on. */
export async function resumeSchedules(db: Db, at: string): Promise<void> {
  await db.updateTable("schedules").set({ effective_from: at }).where("enabled", "=", 1).execute();
}

/** Those of these that are to run, in the order of their databases, so that two gateways lock them alike. */
export async function runnableSchedules(db: Db, ids: readonly number[]): Promise<Schedule[]> {
  if (ids.length === 0) return [];
  return db.selectFrom("schedules").selectAll().where("id", "in", ids).where("enabled", "=", 1).orderBy("database_id").orderBy("id").execute();
}
