import type { EngineType, ObjectiveKind } from "@safebase/contracts";
import { sql } from "kysely";
import { INTACT } from "./checks.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** What an attention is about: a database and whose it is. */
export interface OfDatabase { database_id: number; database_name: string; database_type: EngineType; user_id: number; user_email: string }
export const OF_DATABASE = ["databases.id as database_id", "databases.name as database_name", "databases.type as database_type", "databases.user_id as user_id", "users.email as user_email"] as const;

/** How the backups of a database stand; `unplanned`: neither a schedule nor a limit says how old they may get. */
export type DatabaseState = "never" | "missed" | "at_risk" | "unplanned" | "met";

export interface DatabaseStanding extends OfDatabase {
  state: DatabaseState;
  kind: ObjectiveKind;
  state_since: string;
  enabled: number;
  max_age_s: number | null;
  /** The objective's, as the database's. */
  created_at: string;
  newest_at: string | null;
}

/** As the indexes backups_newest and backups_verified have it. */
const TAKEN_AT = sql<string>`(coalesce(started_at, created_at))`;

function standings(db: Db, scope: Scope) {
  const objectives = db.selectFrom("databases").innerJoin("users", "users.id", "databases.user_id")
    .innerJoin("objectives", (join) => join.onRef("objectives.database_id", "=", "databases.id").on("objectives.kind", "=", "backup"))
    .where("databases.deleted_at", "is", null).where(ownedBy("databases.user_id", scope))
    .select(OF_DATABASE).select(["objectives.state as objective_state", "objectives.kind", "objectives.state_since", "objectives.enabled", "objectives.max_age_s", "objectives.created_at"])
    .select((eb) => eb.selectFrom("backups").select((on) => on.fn.max(TAKEN_AT).as("at")).whereRef("backups.database_id", "=", "databases.id")
      .where(sql<boolean>`backups.status = 'completed'`).where("backups.deleted_at", "is", null).where(INTACT).as("newest_at"));
  return db.selectFrom(objectives.as("found")).selectAll("found").select(sql<DatabaseState>`case
    when found.newest_at is null then 'never' when found.objective_state in ('missed', 'at_risk') then found.objective_state
    when found.objective_state = 'none' and found.enabled = 1 then 'unplanned' else 'met' end`.as("state"));
}

/** How many databases stand how. */
export async function countStandings(db: Db, scope: Scope): Promise<Record<DatabaseState, number>> {
  const rows = await db.selectFrom(standings(db, scope).as("standing")).select((eb) => ["state", eb.fn.countAll().as("count")]).groupBy("state").execute();
  const count = (state: DatabaseState): number => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { never: count("never"), missed: count("missed"), at_risk: count("at_risk"), unplanned: count("unplanned"), met: count("met") };
}

/** Those that do not stand well, the worst and the oldest first. */
export async function listTroubled(db: Db, scope: Scope, limit: number): Promise<DatabaseStanding[]> {
  return db.selectFrom(standings(db, scope).as("standing")).selectAll().where("state", "!=", "met")
    .orderBy(sql`case state when 'missed' then 0 when 'never' then 1 when 'at_risk' then 2 else 3 end`).orderBy("state_since").orderBy("database_id").limit(limit).execute();
}

export type UnprovedRow = OfDatabase & { state: "missed" | "at_risk"; state_since: string };

/** Databases whose newest proved backup is too old, or nearly. */
export async function listUnproved(db: Db, scope: Scope, limit: number): Promise<UnprovedRow[]> {
  return db.selectFrom("objectives").innerJoin("databases", "databases.id", "objectives.database_id").innerJoin("users", "users.id", "databases.user_id")
    .select(OF_DATABASE).select([sql<"missed" | "at_risk">`objectives.state`.as("state"), "objectives.state_since"])
    .where("objectives.kind", "=", "verification").where("objectives.state", "in", ["missed", "at_risk"]).where("databases.deleted_at", "is", null)
    .where(ownedBy("databases.user_id", scope)).orderBy("objectives.state", "desc").orderBy("objectives.state_since").limit(limit).execute();
}
