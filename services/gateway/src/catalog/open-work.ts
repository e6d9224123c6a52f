import type { EngineType, JobKind } from "@safebase/contracts";
import { sql, type SelectQueryBuilder, type SqlBool } from "kysely";
import type { Catalog, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** A job that is not over, and what it is about. */
export interface OpenWork {
  id: number; kind: JobKind; status: Status; user_id: number; user_email: string;
  backup_id: number | null; restore_id: number | null; verification_id: number | null; check_id: number | null;
  storage: string | null; database_id: number | null; database_name: string | null; database_type: EngineType | null;
  not_before: string; created_at: string; started_at: string | null;
}

/** In the words of the index jobs_open. */
const OPEN = sql<SqlBool>`jobs.status in ('pending', 'running')`;

/** What these jobs are about, as far as they are not over. */
export async function openWorkOf(db: Db, ids: readonly number[]): Promise<OpenWork[]> {
  return ids.length === 0 ? [] : withSubjects(db.selectFrom("jobs").where(OPEN).where("jobs.id", "in", ids)).orderBy("jobs.id").execute();
}

/** Those that run first, then those that wait, in their order; and how many there are. */
export async function openWork(db: Db, scope: Scope, limit: number): Promise<{ rows: OpenWork[]; total: number }> {
  const open = db.selectFrom("jobs").where(OPEN).where(ownedBy("jobs.user_id", scope));
  const { total } = await open.select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow();
  if (Number(total) === 0) return { rows: [], total: 0 };
  const rows = await withSubjects(open).orderBy(sql`case jobs.status when 'running' then 0 else 1 end`).orderBy("jobs.not_before").orderBy("jobs.id").limit(limit).execute();
  return { rows, total: Number(total) };
}

function withSubjects(jobs: SelectQueryBuilder<Catalog, "jobs", object>) {
  return jobs.innerJoin("users", "users.id", "jobs.user_id")
    .leftJoin("restores", "restores.id", "jobs.restore_id").leftJoin("verifications", "verifications.id", "jobs.verification_id")
    .leftJoin("checks", "checks.id", "jobs.check_id").leftJoin("copies", "copies.id", "jobs.copy_id")
    .leftJoin("backups", (join) => join.on("backups.id", "=", sql<number>`coalesce(jobs.backup_id, restores.backup_id, verifications.backup_id, checks.backup_id)`))
    .leftJoin("databases", (join) => join.on("databases.id", "=", sql<number>`coalesce(restores.target_database_id, backups.database_id)`))
    .select(["jobs.id", "jobs.kind", "jobs.status", "jobs.user_id", "users.email as user_email", "backups.id as backup_id", "jobs.restore_id", "jobs.verification_id", "jobs.check_id",
      "copies.storage", "databases.id as database_id", "databases.name as database_name", "databases.type as database_type", "jobs.not_before", "jobs.created_at", "jobs.started_at"]);
}
