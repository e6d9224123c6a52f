import type { NewRestore, Restore, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

const OPEN = ["pending", "running"] as const satisfies readonly Status[];

/** A restore with what a list shows beside it. */
export interface RestoreRow extends Restore {
  database_name: string;
  type: "postgresql" | "mysql" | "mariadb";
  job_id: number;
  not_before: string;
  safety_status: Status | null;
  safety_error_msg: string | null;
  /** Where the backup is from, and when it was made. */
  source_database_id: number;
  source_database_name: string;
  backup_created_at: string;
}

export interface RestoreFilter { readonly status?: Status | undefined; readonly database_id?: number | undefined; readonly backup_id?: number | undefined }

export async function insertRestore(
  db: Db, input: Pick<NewRestore, "user_id" | "backup_id" | "target_database_id" | "target_db_name" | "must_be_new" | "safety_backup_id" | "created_at">,
): Promise<Restore> {
  return db.insertInto("restores").values({
    ...input, status: "pending", replaced: null, warnings: null, error_code: null, error_msg: null, error_hint: null, started_at: null, finished_at: null,
    updated_at: input.created_at,
  }).returningAll().executeTakeFirstOrThrow();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("restores")
    .innerJoin("databases", "databases.id", "restores.target_database_id")
    .innerJoin("jobs", "jobs.restore_id", "restores.id")
    .innerJoin("backups as source", "source.id", "restores.backup_id")
    .innerJoin("databases as source_database", "source_database.id", "source.database_id")
    .leftJoin("backups as safety", "safety.id", "restores.safety_backup_id")
    .where(ownedBy("restores.user_id", scope));
}

const BESIDE = [
  "databases.name as database_name", "databases.type as type", "jobs.id as job_id", "jobs.not_before as not_before",
  "safety.status as safety_status", "safety.error_msg as safety_error_msg",
  "source_database.id as source_database_id", "source_database.name as source_database_name", "source.created_at as backup_created_at",
] as const;

export async function findRestore(db: Db, id: number, scope: Scope): Promise<RestoreRow | undefined> {
  return rows(db, scope).selectAll("restores").select(BESIDE).where("restores.id", "=", id).executeTakeFirst();
}

/** One part of the list, newest first, and how many there are in all. */
export async function listRestores(
  db: Db, scope: Scope, filter: RestoreFilter, part: { limit: number; offset: number },
): Promise<{ rows: RestoreRow[]; total: number }> {
  let query = rows(db, scope);
  if (filter.status !== undefined) query = query.where("restores.status", "=", filter.status);
  if (filter.database_id !== undefined) query = query.where("restores.target_database_id", "=", filter.database_id);
  if (filter.backup_id !== undefined) query = query.where("restores.backup_id", "=", filter.backup_id);
  const counted = await query.select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const found = await query.selectAll("restores").select(BESIDE).orderBy("restores.id", "desc").limit(part.limit).offset(part.offset).execute();
  return { rows: found, total: counted.total };
}

/** A restore that is not over, to this very database. */
export async function openRestoreTo(db: Db, place: { host: string; port: number; db_name: string }): Promise<Restore | undefined> {
  return db.selectFrom("restores").selectAll("restores").innerJoin("databases", "databases.id", "restores.target_database_id")
    .where("restores.status", "in", OPEN).where("restores.target_db_name", "=", place.db_name)
    .where("databases.host", "=", place.host).where("databases.port", "=", place.port).limit(1).executeTakeFirst();
}

/** A restore that is not over and needs this backup, as its source or to put back. */
export async function openRestoreUsing(db: Db, backupId: number): Promise<Restore | undefined> {
  return db.selectFrom("restores").selectAll().where("status", "in", OPEN)
    .where((eb) => eb.or([eb("backup_id", "=", backupId), eb("safety_backup_id", "=", backupId)])).limit(1).executeTakeFirst();
}

/** A load that was completed: how much it was, and how long it took. */
export interface LoadTime { readonly raw_size_bytes: number; readonly duration_ms: number }

/** The last loads of a database's backups: restores, and where there are none, test restores. */
export async function lastLoads(db: Db, databaseId: number, scope: Scope, limit: number): Promise<LoadTime[]> {
  for (const table of ["restores", "verifications"] as const) {
    const loads = await db.selectFrom(table).innerJoin("backups", "backups.id", `${table}.backup_id`)
      .select([`${table}.started_at`, `${table}.finished_at`, "backups.raw_size_bytes"])
      .where("backups.database_id", "=", databaseId).where(`${table}.status`, "=", "completed").where(ownedBy(`${table}.user_id`, scope))
      .orderBy(`${table}.id`, "desc").limit(limit).execute();
    const times = loads.flatMap(({ started_at, finished_at, raw_size_bytes }) => (started_at === null || finished_at === null || raw_size_bytes === null ? []
      : [{ raw_size_bytes, duration_ms: Date.parse(finished_at) - Date.parse(started_at) }]));
    if (times.length > 0) return times;
  }
  return [];
}

export async function anyRestore(db: Db, id: number): Promise<Restore> {
  return db.selectFrom("restores").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

export async function startRestore(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("restores").set({ status: "running", started_at: at, updated_at: at })
    .where("id", "=", id).where("status", "=", "pending").execute();
}

type Outcome = Partial<Pick<Restore, "replaced" | "warnings" | "error_code" | "error_msg" | "error_hint">> & { status: "completed" | "failed" | "canceled"; at: string };

export async function finishRestore(db: Db, id: number, { at, ...outcome }: Outcome): Promise<void> {
  await db.updateTable("restores").set({ ...outcome, finished_at: at, updated_at: at })
    .where("id", "=", id).where("status", "in", OPEN).execute();
}
