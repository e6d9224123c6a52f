import type { NewSchedule, Schedule } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export interface ScheduleRow extends Schedule { database_name: string; database_storages: string | null }

export async function insertSchedule(db: Db, row: NewSchedule): Promise<Schedule> {
  return db.insertInto("schedules").values(row).returningAll().executeTakeFirstOrThrow();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("schedules").innerJoin("databases", "databases.id", "schedules.database_id")
    .selectAll("schedules").select(["databases.name as database_name", "databases.storages as database_storages"]).where(ownedBy("schedules.user_id", scope));
}

export async function findSchedule(db: Db, id: number, scope: Scope): Promise<ScheduleRow | undefined> {
  return rows(db, scope).where("schedules.id", "=", id).executeTakeFirst();
}

export async function listSchedules(db: Db, scope: Scope, filter: { database_id?: number | undefined }): Promise<ScheduleRow[]> {
  let query = rows(db, scope);
  if (filter.database_id !== undefined) query = query.where("schedules.database_id", "=", filter.database_id);
  return query.orderBy("schedules.id").execute();
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
