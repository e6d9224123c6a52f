import type { EngineType } from "@safebase/contracts";
import { sql, type SqlBool } from "kysely";
import { INTACT } from "./checks.ts";
import { TAKEN_AT } from "./objectives.ts";
import type { Objective, ObjectiveState, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** How a database's backups stand, the worst first. */
export const STANDINGS = ["missed", "never", "at_risk", "none", "met"] as const satisfies readonly (ObjectiveState | "never")[];
export type Standing = (typeof STANDINGS)[number];

/** What may be asked for beside how they stand: the newest one that ended has failed, or one is open. */
export const BESIDE = ["failed", "running"] as const;

export const OVERVIEW_SORTS = ["name", "state", "newest", "size"] as const;

export interface OverviewFilter {
  readonly id?: number | undefined;
  /** Words, each of which is in what is shown of a database. */
  readonly q?: string | undefined;
  readonly type?: EngineType | undefined;
}

export interface OverviewPart {
  readonly state?: Standing | (typeof BESIDE)[number] | undefined;
  readonly sort: (typeof OVERVIEW_SORTS)[number];
  readonly order: "asc" | "desc";
  readonly limit: number;
  readonly offset: number;
}

/** A database with its objective for backups. */
export interface OverviewRow extends Pick<Objective, "enabled" | "max_age_s" | "state_since"> {
  id: number; user_id: number; user_email: string; name: string; type: EngineType; host: string; port: number; db_name: string;
  server_id: number | null; missing_since: string | null; created_at: string;
  standing: Standing; objective_state: ObjectiveState; objective_created_at: string; newest_at: string | null;
}

export interface StandingCount { standing: Standing; count: number; failed: number; running: number }

/** Each database of the scope that fits, and how it stands. */
function standing(db: Db, scope: Scope, filter: OverviewFilter) {
  let query = db.selectFrom("databases").innerJoin("users", "users.id", "databases.user_id")
    .leftJoin("objectives", (join) => join.onRef("objectives.database_id", "=", "databases.id").on("objectives.kind", "=", "backup"))
    .where("databases.deleted_at", "is", null).where(ownedBy("databases.user_id", scope));
  if (filter.id !== undefined) query = query.where("databases.id", "=", filter.id);
  if (filter.type !== undefined) query = query.where("databases.type", "=", filter.type);
  for (const word of (filter.q ?? "").split(/\s+/).filter((each) => each !== "")) query = query.where(holds(word));
  const seen = query.select((eb) => [
    "databases.id", "databases.user_id", "users.email as user_email", "databases.name", "databases.type", "databases.host", "databases.port", "databases.db_name",
    "databases.server_id", "databases.missing_since", "databases.created_at",
    eb.fn.coalesce("objectives.enabled", sql<number>`0`).as("enabled"), "objectives.max_age_s", eb.fn.coalesce("objectives.state_since", "databases.created_at").as("state_since"),
    eb.fn.coalesce("objectives.state", sql<ObjectiveState>`'none'`).as("objective_state"), eb.fn.coalesce("objectives.created_at", "databases.created_at").as("objective_created_at"),
    eb.selectFrom("backups").select((on) => on.fn.max(TAKEN_AT).as("at")).whereRef("backups.database_id", "=", "databases.id")
      .where(sql<SqlBool>`backups.status = 'completed'`).where("backups.deleted_at", "is", null).where(INTACT).as("newest_at"),
    eb.selectFrom("backups").select("backups.status").whereRef("backups.database_id", "=", "databases.id")
      .where("backups.deleted_at", "is", null).where("backups.status", "in", ["completed", "failed"]).orderBy("backups.id", "desc").limit(1).as("last_status"),
    eb("databases.id", "in", eb.selectFrom("jobs").innerJoin("backups", "backups.id", "jobs.backup_id").select("backups.database_id")
      .where(sql<SqlBool>`jobs.status in ('pending', 'running')`).where("jobs.kind", "=", "backup")).as("running"),
  ]);
  return db.with("seen", () => seen).with("standing", (cte) => cte.selectFrom("seen").selectAll()
    .select(sql<Standing>`case when newest_at is null then 'never' else objective_state end`.as("standing")));
}

function holds(word: string) {
  const pattern = `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<SqlBool>`lower(databases.name || ' ' || databases.type || ' ' || databases.host || ' ' || databases.db_name || ' ' || users.email) like lower(${pattern}) escape '\\'`;
}

/** How many stand how, whatever state is asked for. */
export async function countStandings(db: Db, scope: Scope, filter: OverviewFilter): Promise<StandingCount[]> {
  const rows = await standing(db, scope, filter).selectFrom("standing").groupBy("standing").select((eb) => [
    "standing", eb.fn.countAll().as("count"),
    sql<number>`sum(case when last_status = 'failed' then 1 else 0 end)`.as("failed"), sql<number>`sum(case when running then 1 else 0 end)`.as("running"),
  ]).execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** One part of the list. What has never been backed up counts as the oldest. */
export async function listOverview(db: Db, scope: Scope, filter: OverviewFilter, { state, sort, order, limit, offset }: OverviewPart): Promise<OverviewRow[]> {
  const fitting = standing(db, scope, filter).with("stored", () => storedSizes(db)).selectFrom("standing");
  const asked = state === undefined ? fitting : state === "failed" ? fitting.where("last_status", "=", "failed")
    : state === "running" ? fitting.where(sql<SqlBool>`running`) : fitting.where("standing", "=", state);
  const listed = sort === "size" ? asked.leftJoin("stored", "stored.database_id", "standing.id") : asked;
  return listed.selectAll("standing").orderBy(ORDERS[sort], order).orderBy(sql`lower(name)`).orderBy("standing.id").limit(limit).offset(offset).execute();
}

const ORDERS = {
  name: sql`lower(name)`, newest: sql`coalesce(newest_at, '')`, size: sql`coalesce(stored.size_bytes, 0)`,
  state: sql`case standing ${sql.join(STANDINGS.map((each, rank) => sql`when ${sql.lit(each)} then ${sql.lit(rank)}`), sql` `)} end`,
};

export interface Result { id: number; database_id: number; job_id: number; status: Status; created_at: string }

/** The last so many backups of each of these databases, oldest first. */
export async function lastResults(db: Db, ids: readonly number[], count: number): Promise<Result[]> {
  const shown = await from(db, ids, count, false);
  return shown.innerJoin("jobs", (join) => join.onRef("jobs.backup_id", "=", "backups.id").on("jobs.kind", "=", "backup"))
    .select(["backups.id", "backups.database_id", "jobs.id as job_id", "backups.status", "backups.created_at"]).orderBy("backups.id").execute();
}

export interface Size { database_id: number; at: string; size_bytes: number }

/** The stored sizes of the last so many completed backups of each of these databases, oldest first. */
export async function lastSizes(db: Db, ids: readonly number[], count: number): Promise<Size[]> {
  const shown = await from(db, ids, count, true);
  return shown.where("backups.size_bytes", "is not", null)
    .select(["backups.database_id", TAKEN_AT.as("at"), sql<number>`backups.size_bytes`.as("size_bytes")]).orderBy("backups.id").execute();
}

/** The backups of these databases from the n-th newest on: no more than these are read, however long a history is. */
async function from(db: Db, ids: readonly number[], count: number, completed: boolean) {
  const firsts = await db.selectFrom("databases").where("databases.id", "in", some(ids)).select((eb) => {
    let nth = eb.selectFrom("backups").select("backups.id").whereRef("backups.database_id", "=", "databases.id").where("backups.deleted_at", "is", null);
    if (completed) nth = nth.where("backups.status", "=", "completed");
    return ["databases.id as database_id", nth.orderBy("backups.id", "desc").limit(1).offset(count - 1).as("backup_id")];
  }).execute();
  const shown = db.selectFrom("backups").where("backups.deleted_at", "is", null)
    .where((eb) => eb.or(firsts.map(({ database_id, backup_id }) => eb.and([eb("backups.database_id", "=", database_id), eb("backups.id", ">=", backup_id ?? 0)]))));
  return completed ? shown.where("backups.status", "=", "completed") : shown;
}

export interface Stored { database_id: number; count: number; size_bytes: number }

/** What is stored of each of these databases. */
export async function storedOf(db: Db, ids: readonly number[]): Promise<Stored[]> {
  const rows = await storedSizes(db).where("database_id", "in", some(ids)).execute();
  return rows.map((row) => ({ database_id: row.database_id, count: Number(row.count), size_bytes: Number(row.size_bytes ?? 0) }));
}

/** In the words of the index backups_stored. */
function storedSizes(db: Db) {
  return db.selectFrom("backups").where(sql<SqlBool>`status = 'completed'`).where("deleted_at", "is", null)
    .groupBy("database_id").select((eb) => ["database_id", eb.fn.countAll().as("count"), eb.fn.sum("size_bytes").as("size_bytes")]);
}

export interface Newest { id: number; database_id: number; at: string; size_bytes: number | null; verified_at: string | null; pinned: number }

/** The newest completed backup of each of these databases that is not known to be damaged; with `verified`, the newest that was proved. */
export async function newestOf(db: Db, ids: readonly number[], verified: boolean): Promise<Newest[]> {
  const picked = db.selectFrom("databases").where("databases.id", "in", some(ids)).select((eb) => {
    let newest = eb.selectFrom("backups").select("backups.id").whereRef("backups.database_id", "=", "databases.id")
      .where(sql<SqlBool>`backups.status = 'completed'`).where("backups.deleted_at", "is", null).where(INTACT);
    if (verified) newest = newest.where("backups.verified_at", "is not", null);
    return newest.orderBy(TAKEN_AT, "desc").limit(1).as("backup_id");
  });
  return db.with("picked", () => picked).selectFrom("picked").innerJoin("backups", "backups.id", "picked.backup_id")
    .select(["backups.id", "backups.database_id", TAKEN_AT.as("at"), "backups.size_bytes", "backups.verified_at", "backups.pinned"]).execute();
}

const some = (ids: readonly number[]): readonly number[] => (ids.length === 0 ? [0] : ids);
