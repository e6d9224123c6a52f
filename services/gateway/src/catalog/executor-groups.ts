import type { Generated, Selectable } from "kysely";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** A group of executors that an admin has made. The installation's own needs none of these rows. */
export interface ExecutorGroupsTable {
  name: string;
  /** 1: whoever may register databases may register them here. */
  open: Generated<number>;
  note: Generated<string | null>;
  created_at: string;
}
export type ExecutorGroup = Selectable<ExecutorGroupsTable>;

export async function listGroups(db: Db): Promise<ExecutorGroup[]> {
  return db.selectFrom("executor_groups").selectAll().orderBy("name").execute();
}

export async function findGroup(db: Db, name: string): Promise<ExecutorGroup | undefined> {
  return db.selectFrom("executor_groups").selectAll().where("name", "=", name).executeTakeFirst();
}

/** Makes a group that nobody but admins may use, unless it is there. */
export async function addGroup(db: Db, name: string, created_at: string): Promise<void> {
  await db.insertInto("executor_groups").values({ name, created_at }).onConflict((conflict) => conflict.column("name").doNothing()).execute();
}

export async function updateGroup(db: Db, name: string, change: Partial<Pick<ExecutorGroup, "open" | "note">>): Promise<ExecutorGroup> {
  return db.updateTable("executor_groups").set((eb) => ({ name: eb.ref("name"), ...change })).where("name", "=", name).returningAll().executeTakeFirstOrThrow();
}

/** False when there is none. */
export async function deleteGroup(db: Db, name: string): Promise<boolean> {
  return (await db.deleteFrom("executor_groups").where("name", "=", name).returning("name").executeTakeFirst()) !== undefined;
}

/** How many databases each group has to reach, of those that are seen. */
export async function databasesOfGroups(db: Db, scope: Scope): Promise<Map<string, number>> {
  const rows = await db.selectFrom("databases").select((eb) => ["executor_group", eb.fn.countAll<number>().as("count")]).where("deleted_at", "is", null)
    .where(ownedBy("databases.user_id", scope)).groupBy("executor_group").execute();
  return new Map(rows.map(({ executor_group, count }) => [executor_group, count]));
}
