import type { Backup } from "./schema.ts";
import type { Db } from "./scope.ts";

export type RunRow = Pick<Backup, "id" | "schedule_id" | "status" | "trigger" | "planned_at" | "created_at" | "error_code">;

/** The newest backups of each of these schedules that are still there, by their planned times, the newest first. */
export async function lastRuns(db: Db, ids: readonly number[], most: number): Promise<RunRow[]> {
  const of = (id: number) => db.selectFrom((inner) => inner.selectFrom("backups")
    .select(["id", "schedule_id", "status", "trigger", "planned_at", "created_at", "error_code"])
    .where("schedule_id", "=", id).where("deleted_at", "is", null).orderBy("planned_at", "desc").limit(most).as("newest")).selectAll();
  const [first, ...others] = ids.map(of); // each reads so many rows of the index, however long the history is
  return first === undefined ? [] : others.reduce((all, one) => all.unionAll(one), first).execute();
}

/** The newest planned time of each of these schedules that made a backup, even one that is gone since. */
export async function newestPlanned(db: Db, ids: readonly number[]): Promise<{ schedule_id: number; planned_at: string }[]> {
  if (ids.length === 0) return [];
  const found = await db.selectFrom("backups").select((eb) => ["schedule_id", eb.fn.max("planned_at").as("planned_at")]).where("schedule_id", "in", ids).groupBy("schedule_id").execute();
  return found.flatMap(({ schedule_id, planned_at }) => (schedule_id === null || planned_at === null ? [] : [{ schedule_id, planned_at }]));
}
