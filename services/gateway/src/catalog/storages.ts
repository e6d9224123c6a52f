import { sql, type RawBuilder, type SqlBool } from "kysely";
import { serversOfStorage } from "./servers.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";
import type { NewStorage, StorageRow } from "./storages-schema.ts";

/** One's own and those that everybody may store in. */
function visibleTo(scope: Scope): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${ownedBy("storages.user_id", scope)} or storages.shared = 1)`;
}

/** Undefined when there is one of that name, whoever's. */
export async function insertStorage(db: Db, row: NewStorage): Promise<StorageRow | undefined> {
  return db.insertInto("storages").values(row).onConflict((conflict) => conflict.column("name").doNothing()).returningAll().executeTakeFirst();
}

export async function findStorage(db: Db, id: number, scope: Scope): Promise<StorageRow | undefined> {
  return db.selectFrom("storages").selectAll().where("id", "=", id).where(visibleTo(scope)).executeTakeFirst();
}

export async function listStorages(db: Db, scope: Scope): Promise<StorageRow[]> {
  return db.selectFrom("storages").selectAll().where(visibleTo(scope)).orderBy("id").execute();
}

/** Whoever's. */
export async function storagesNamed(db: Db, names: readonly string[]): Promise<StorageRow[]> {
  return db.selectFrom("storages").selectAll().where("name", "in", names).execute();
}

/** Whose a storage is, and whether it is for everybody. Undefined when there is none of that name. */
export async function ownerOfStorage(db: Db, name: string): Promise<{ user_id: number | null; user_email: string | null; shared: number } | undefined> {
  return db.selectFrom("storages").leftJoin("users", "users.id", "storages.user_id").select(["storages.user_id", "storages.shared", "users.email as user_email"])
    .where("storages.name", "=", name).executeTakeFirst();
}

/** Makes other transactions that lock this storage wait for ours. Undefined when it is not there for this scope. */
export async function lockStorage(db: Db, id: number, scope: Scope): Promise<StorageRow | undefined> {
  return db.updateTable("storages").set((eb) => ({ updated_at: eb.ref("updated_at") })).where("id", "=", id).where(visibleTo(scope)).returningAll().executeTakeFirst();
}

export type StorageChange = Partial<Pick<StorageRow, "type" | "target" | "config_sealed" | "shared" | "encryption_key_id">> & { updated_at: string };

/** Changes a locked storage. */
export async function updateStorage(db: Db, id: number, change: StorageChange): Promise<StorageRow> {
  return db.updateTable("storages").set(change).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

/** Removes a storage in which no copy lies any more, with what was last seen of it. */
export async function deleteStorage(db: Db, { id, name }: Pick<StorageRow, "id" | "name">): Promise<void> {
  await db.deleteFrom("storage_status").where("storage", "=", name).execute();
  await db.deleteFrom("watched").where("key", "like", `storage%:${name}`).execute();
  await db.deleteFrom("storages").where("id", "=", id).execute();
}

/** The names of what names a storage. */
export interface StorageUsers { readonly databases: string[]; readonly schedules: string[]; readonly servers: string[] }

/** What names a storage by itself: registered databases, schedules and servers, but for those of one owner when he is given. */
export async function usersOfStorage(db: Db, name: string, except: number | null = null): Promise<StorageUsers> {
  const named = `%"${name}"%`;
  const databases = db.selectFrom("databases").select("name").where("storages", "like", named).where("deleted_at", "is", null).orderBy("id");
  const schedules = db.selectFrom("schedules").select("name").where("storages", "like", named).orderBy("id");
  const others = except === null ? [databases, schedules] as const : [databases.where("user_id", "!=", except), schedules.where("user_id", "!=", except)] as const;
  return { databases: (await others[0].execute()).map((row) => row.name), schedules: (await others[1].execute()).map((row) => row.name), servers: await serversOfStorage(db, name, except) };
}

/** The storages that encrypt to a key. */
export async function storagesOfKey(db: Db, keyId: number): Promise<string[]> {
  return (await db.selectFrom("storages").select("name").where("encryption_key_id", "=", keyId).orderBy("id").execute()).map(({ name }) => name);
}
