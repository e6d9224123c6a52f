import type { Selectable } from "kysely";
import type { WatchedTable } from "./alerting-schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export type Watched = Selectable<WatchedTable>;

export async function listWatched(db: Db): Promise<Watched[]> {
  return db.selectFrom("watched").selectAll().orderBy("key").execute();
}

export async function findWatched(db: Db, key: string): Promise<Watched | undefined> {
  return db.selectFrom("watched").selectAll().where("key", "=", key).executeTakeFirst();
}

/** Puts something under watch; what is there already stays as it is. */
export async function insertWatched(db: Db, row: Watched): Promise<void> {
  await db.insertInto("watched").values(row).onConflict((conflict) => conflict.column("key").doNothing()).execute();
}

/** False when it is no longer as it was seen: then another gateway was first, and has told. */
export async function changeWatched(db: Db, seen: Pick<Watched, "key" | "state" | "since">, change: Partial<Omit<Watched, "key">>): Promise<boolean> {
  const changed = await db.updateTable("watched").set(change).where("key", "=", seen.key).where("state", "=", seen.state).where("since", "=", seen.since)
    .returning("key").executeTakeFirst();
  return changed !== undefined;
}

/** Ends the watch, unless it is no longer as it was seen. */
export async function deleteWatched(db: Db, seen: Pick<Watched, "key" | "state" | "since">): Promise<void> {
  await db.deleteFrom("watched").where("key", "=", seen.key).where("state", "=", seen.state).where("since", "=", seen.since).execute();
}

/** The groups that somebody's databases and servers need. */
export async function groupsInUse(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("databases").select("executor_group").where("deleted_at", "is", null)
    .union(db.selectFrom("servers").select("executor_group")).orderBy("executor_group").execute();
  return rows.map(({ executor_group }) => executor_group);
}

/** Those of them that somebody's own databases need. */
export async function groupsOf(db: Db, scope: Scope): Promise<string[]> {
  const rows = await db.selectFrom("databases").select("executor_group").distinct().where("deleted_at", "is", null).where(ownedBy("databases.user_id", scope)).execute();
  return rows.map(({ executor_group }) => executor_group);
}
