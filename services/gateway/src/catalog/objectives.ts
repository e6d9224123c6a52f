import { OBJECTIVE_KINDS, type EngineType, type ObjectiveKind } from "@safebase/contracts";
import { sql, type SelectQueryBuilder } from "kysely";
import type { Catalog, Database, Objective, ObjectiveState, Schedule } from "./schema.ts";
import { INTACT } from "./checks.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** An objective with what it is held against. */
export interface ObjectiveRow extends Objective {
  user_email: string;
  database_name: string;
  database_type: EngineType;
  /** When the data was taken of the newest backup that counts: completed, not deleted and not found damaged, for a verification proved as well. */
  newest_at: string | null;
}

/** The objectives of a database that is being registered. */
export async function insertObjectives(db: Db, database: Pick<Database, "id" | "user_id">, at: string): Promise<void> {
  await db.insertInto("objectives").values(OBJECTIVE_KINDS.map((kind) => ({
    user_id: database.user_id, database_id: database.id, kind, max_age_s: null, state_since: at, created_at: at, updated_at: at,
  }))).onConflict((conflict) => conflict.columns(["database_id", "kind"]).doNothing()).execute();
}

/** The same for every database that has none, as those have that were registered before there were objectives. */
export async function insertMissingObjectives(db: Db, at: string): Promise<void> {
  for (const kind of OBJECTIVE_KINDS) {
    await db.insertInto("objectives").columns(["user_id", "database_id", "kind", "state_since", "created_at", "updated_at"])
      .expression(db.selectFrom("databases").where("deleted_at", "is", null)
        .where("id", "not in", db.selectFrom("objectives").select("database_id").where("kind", "=", kind))
        .select((eb) => ["user_id", "id", eb.cast<ObjectiveKind>(eb.val(kind), "text").as("kind"),
          eb.cast<string>(eb.val(at), "text").as("state_since"), eb.cast<string>(eb.val(at), "text").as("created_at"), eb.cast<string>(eb.val(at), "text").as("updated_at")]))
      .onConflict((conflict) => conflict.columns(["database_id", "kind"]).doNothing()).execute();
  }
}

export interface ObjectiveFilter { readonly database_id?: number | undefined; readonly state?: ObjectiveState | undefined }

/** When a backup's data was taken, as the indexes backups_newest and backups_verified have it. */
export const TAKEN_AT = sql<string>`(coalesce(started_at, created_at))`;

function rows(db: Db, scope: Scope, filter: ObjectiveFilter) {
  let query = db.selectFrom("objectives").innerJoin("databases", "databases.id", "objectives.database_id")
    .innerJoin("users", "users.id", "objectives.user_id").where("databases.deleted_at", "is", null).where(ownedBy("objectives.user_id", scope));
  if (filter.database_id !== undefined) query = query.where("objectives.database_id", "=", filter.database_id);
  if (filter.state !== undefined) query = query.where("objectives.state", "=", filter.state);
  return query;
}

function withNewest(query: ReturnType<typeof rows>): SelectQueryBuilder<Catalog, "objectives" | "databases" | "users", ObjectiveRow> {
  return query.selectAll("objectives").select((eb) => {
    const newest = eb.selectFrom("backups").select((on) => on.fn.max(TAKEN_AT).as("at"))
      .whereRef("backups.database_id", "=", "objectives.database_id").where(sql<boolean>`backups.status = 'completed'`).where("backups.deleted_at", "is", null).where(INTACT);
    return [
      "databases.name as database_name", "databases.type as database_type", "users.email as user_email",
      eb.case().when("objectives.kind", "=", "verification").then(newest.where("backups.verified_at", "is not", null)).else(newest).end().as("newest_at"),
    ];
  });
}

/** Everything that is to be judged. */
export async function objectivesToJudge(db: Db, filter: ObjectiveFilter): Promise<ObjectiveRow[]> {
  return withNewest(rows(db, "all", filter)).orderBy("objectives.id").execute();
}

export async function findObjective(db: Db, id: number, scope: Scope): Promise<ObjectiveRow | undefined> {
  return withNewest(rows(db, scope, {})).where("objectives.id", "=", id).executeTakeFirst();
}

/** One part of the list, by database, and how many there are in all. */
export async function listObjectives(
  db: Db, scope: Scope, filter: ObjectiveFilter, part: { limit: number; offset: number },
): Promise<{ rows: ObjectiveRow[]; total: number }> {
  const { total } = await rows(db, scope, filter).select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow();
  const found = await withNewest(rows(db, scope, filter)).orderBy("objectives.database_id").orderBy("objectives.kind")
    .limit(part.limit).offset(part.offset).execute();
  return { rows: found, total: Number(total) };
}

/** Undefined when it is not there for this scope. */
export async function updateObjective(
  db: Db, id: number, scope: Scope, change: Pick<Objective, "max_age_s" | "enabled" | "updated_at">,
): Promise<Objective | undefined> {
  return db.updateTable("objectives").set(change).where("id", "=", id).where(ownedBy("objectives.user_id", scope)).returningAll().executeTakeFirst();
}

/** False when its state or settings are no longer those that were judged: then another was first, and has told. */
export async function changeObjectiveState(
  db: Db, judged: Pick<Objective, "id" | "state" | "state_since" | "updated_at">, state: ObjectiveState, at: string,
): Promise<boolean> {
  const { id, ...seen } = judged;
  const changed = await db.updateTable("objectives").set({ state, state_since: at }).where("id", "=", id)
    .where("state", "=", seen.state).where("state_since", "=", seen.state_since).where("updated_at", "=", seen.updated_at)
    .returning("id").executeTakeFirst();
  return changed !== undefined;
}

/** What an objective needs of a schedule. */
export type ScheduleTimes = Pick<Schedule, "database_id" | "cron" | "timezone" | "verify_every" | "effective_from">;

/** The enabled schedules of these databases, or of all. Whether all schedules are paused plays no part: what is missed then is missed. */
export async function scheduleTimes(db: Db, databaseIds?: readonly number[]): Promise<ScheduleTimes[]> {
  let query = db.selectFrom("schedules").select(["database_id", "cron", "timezone", "verify_every", "effective_from"]).where("enabled", "=", 1);
  if (databaseIds !== undefined) query = query.where("database_id", "in", databaseIds.length === 0 ? [0] : databaseIds);
  return query.orderBy("id").execute();
}
