import type { Backup } from "./schema.ts";
import type { Db } from "./scope.ts";

const COLUMNS = [
  "id", "schedule_id", "trigger", "type", "filename", "size_bytes", "pinned", "verified_at", "integrity", "created_at", "started_at", "finished_at",
] as const satisfies readonly (keyof Backup)[];

/** A completed backup that is still there, without what retention does not ask for. */
export type HistoryRow = Pick<Backup, (typeof COLUMNS)[number]>;

/** A database's completed backups that are not deleted. Whose it is has been asked before. */
export async function completedBackups(db: Db, databaseId: number): Promise<HistoryRow[]> {
  return db.selectFrom("backups").select(COLUMNS)
    .where("database_id", "=", databaseId).where("status", "=", "completed").where("deleted_at", "is", null).orderBy("id").execute();
}

/** Registered databases that have a retention, or a schedule with one. */
export async function databasesWithRetention(db: Db): Promise<number[]> {
  const rows = await db.selectFrom("databases").select("id").where("deleted_at", "is", null)
    .where((eb) => eb.or([
      eb("retention", "is not", null),
      eb("id", "in", eb.selectFrom("schedules").select("database_id").where("retention", "is not", null)),
    ])).orderBy("id").execute();
  return rows.map(({ id }) => id);
}

export interface Need { readonly backup_id: number; readonly by: string }

/** Which of a database's backups restores, verifications, checks and jobs that are not over still need: "restore 12". A copy that is being made goes with its backup. */
export async function openNeeds(db: Db, databaseId: number): Promise<Need[]> {
  const open = ["pending", "running"] as const;
  const restores = await db.selectFrom("restores").innerJoin("backups", (join) => join.on((eb) => eb.or([
    eb("backups.id", "=", eb.ref("restores.backup_id")), eb("backups.id", "=", eb.ref("restores.safety_backup_id")),
  ]))).select(["restores.id as id", "backups.id as backup_id"]).where("restores.status", "in", open).where("backups.database_id", "=", databaseId).execute();
  const verifications = await db.selectFrom("verifications").innerJoin("backups", "backups.id", "verifications.backup_id")
    .select(["verifications.id as id", "backup_id"]).where("verifications.status", "in", open).where("backups.database_id", "=", databaseId).execute();
  const checks = await db.selectFrom("checks").innerJoin("backups", "backups.id", "checks.backup_id")
    .select(["checks.id as id", "backup_id"]).where("checks.status", "in", open).where("backups.database_id", "=", databaseId).execute();
  const jobs = await db.selectFrom("jobs").innerJoin("backups", "backups.id", "jobs.backup_id")
    .select(["jobs.id as id", "backups.id as backup_id"]).where("jobs.kind", "not in", ["copy", "delete"]).where("jobs.status", "in", open).where("backups.database_id", "=", databaseId).execute();
  const named = (what: string, rows: readonly { id: number; backup_id: number }[]): Need[] => rows.map(({ id, backup_id }) => ({ backup_id, by: `${what} ${id}` }));
  return [...named("restore", restores), ...named("verification", verifications), ...named("check", checks), ...named("job", jobs)];
}
