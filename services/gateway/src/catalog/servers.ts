import { sql, type Generated, type Insertable, type Selectable } from "kysely";
import type { Database } from "./schema.ts";
import type { ServerColumns } from "./server-columns.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** A server whose databases are registered as they appear on it. */
export interface ServersTable extends ServerColumns {
  id: Generated<number>;
  user_id: number;
  name: string;
  include: string; // JSON list of patterns
  exclude: string;
  /** JSON list of names: were unregistered by hand, and are not taken again. */
  left_out: Generated<string>;
  /** What new databases get: as databases have the first three; JSON ServerSchedule. */
  retention: string | null;
  encryption_key_id: number | null;
  storages: string | null;
  schedule: string | null;
  /** Syncs that have begun, and the number of the one whose outcome stands: what an earlier one found is old news. */
  sync_begun: Generated<number>;
  sync_applied: Generated<number>;
  /** When it was last asked, and when it last answered. */
  synced_at: string | null;
  succeeded_at: string | null;
  /** What the last answer held, and how many databases were new. */
  found: Generated<number>;
  added: Generated<number>;
  /** JSON list of names: wanted, but the user may not connect to them. */
  closed: Generated<string>;
  problem: string | null; // JSON Failure
  problem_told: Generated<number>;
  created_at: string;
  updated_at: string;
}
export type Server = Selectable<ServersTable>;

/** A server with how many databases are registered of it, and how many of these it does not have any more. */
export interface ServerRow extends Server { databases: number; missing: number }

export async function insertServer(db: Db, row: Insertable<ServersTable>): Promise<Server> {
  return db.insertInto("servers").values(row).returningAll().executeTakeFirstOrThrow();
}

function rows(db: Db, scope: Scope) {
  return db.selectFrom("servers").selectAll("servers").select((eb) => {
    const count = eb.selectFrom("databases").select((on) => on.fn.countAll<number>().as("count")).whereRef("server_id", "=", "servers.id").where("deleted_at", "is", null);
    return [sql<number>`${count}`.as("databases"), sql<number>`${count.where("missing_since", "is not", null)}`.as("missing")];
  }).where(ownedBy("servers.user_id", scope));
}

export async function findServer(db: Db, id: number, scope: Scope): Promise<ServerRow | undefined> {
  return rows(db, scope).where("servers.id", "=", id).executeTakeFirst();
}

export async function listServers(db: Db, scope: Scope): Promise<ServerRow[]> {
  return rows(db, scope).orderBy("servers.id").execute();
}

/** Makes other transactions that lock this server wait for ours. To be locked before any of its databases. */
export async function lockServer(db: Db, id: number, scope: Scope): Promise<Server | undefined> {
  return db.updateTable("servers").set((eb) => ({ updated_at: eb.ref("updated_at") }))
    .where("id", "=", id).where(ownedBy("servers.user_id", scope)).returningAll().executeTakeFirst();
}

/** The server as it is to be asked now; its `sync_begun` is this sync's number. */
export async function beginSync(db: Db, id: number): Promise<Server | undefined> {
  return db.updateTable("servers").set((eb) => ({ sync_begun: eb("sync_begun", "+", 1) })).where("id", "=", id).returningAll().executeTakeFirst();
}

export type ServerChange = Partial<Omit<Server, "id" | "user_id" | "type" | "created_at">>;

/** Changes a locked server. */
export async function updateServer(db: Db, id: number, change: ServerChange): Promise<Server> {
  return db.updateTable("servers").set(change).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

/** Deletes a locked server. Its databases stay, as if they had been registered one by one. */
export async function deleteServer(db: Db, id: number): Promise<void> {
  await db.updateTable("databases").set({ server_id: null, missing_since: null }).where("server_id", "=", id).execute();
  await db.deleteFrom("servers").where("id", "=", id).execute();
}

/** The registered databases of a server. */
export async function databasesOfServer(db: Db, id: number): Promise<Database[]> {
  return db.selectFrom("databases").selectAll().where("server_id", "=", id).where("deleted_at", "is", null).orderBy("id").execute();
}

/** The names of databases of the same server that the user has registered otherwise. */
export async function registeredOtherwise(db: Db, { id, user_id, type, host, port }: Pick<Server, "user_id" | "type" | "host" | "port"> & { id: number | null }): Promise<Set<string>> {
  const found = await db.selectFrom("databases").select("db_name").where("user_id", "=", user_id).where("type", "=", type).where("host", "=", host).where("port", "=", port)
    .where("deleted_at", "is", null).$if(id !== null, (query) => query.where((eb) => eb.or([eb("server_id", "is", null), eb("server_id", "!=", id)]))).execute();
  return new Set(found.map(({ db_name }) => db_name));
}

type Connection = Pick<Server, "host" | "port" | "username" | "password_sealed" | "ssl_mode" | "ssl_ca" | "executor_group">;

/** What is true of a server is true of all its databases. Those that are named after it take its new name. */
export async function changeDatabasesOfServer(db: Db, before: Server, { name, connection, at }: { name: string; connection: Connection; at: string }): Promise<void> {
  const registered = db.updateTable("databases").where("server_id", "=", before.id).where("deleted_at", "is", null);
  await registered.set({ ...connection, updated_at: at }).execute();
  if (name === before.name) return;
  await registered.set({ name: sql<string>`cast(${name} as text) || '/' || db_name` }).where(sql<boolean>`name = cast(${before.name} as text) || '/' || db_name`).execute();
}

/** Since when each of these databases is missing; null: it is there again. */
export async function markMissing(db: Db, ids: readonly number[], missing_since: string | null): Promise<Database[]> {
  if (ids.length === 0) return [];
  return db.updateTable("databases").set({ missing_since }).where("id", "in", ids).where("deleted_at", "is", null).returningAll().execute();
}

/**
 * A database that is unregistered by hand is not to be registered again, unless it was gone: what comes under its name is
 * another one. Locks the server.
 */
export async function leaveOut(tx: Db, database: Pick<Database, "server_id" | "db_name" | "missing_since">): Promise<void> {
  if (database.server_id === null) return;
  const server = await lockServer(tx, database.server_id, "all");
  if (server === undefined || database.missing_since !== null) return;
  const left_out = new Set(JSON.parse(server.left_out) as string[]).add(database.db_name);
  await updateServer(tx, server.id, { left_out: JSON.stringify([...left_out]) });
}

/** The servers whose new databases are encrypted with a key. */
export async function serversOfKey(db: Db, key_id: number): Promise<{ id: number; name: string }[]> {
  return db.selectFrom("servers").select(["id", "name"]).where("encryption_key_id", "=", key_id).orderBy("id").execute();
}

/** The servers whose new databases, or their schedules, name a storage; but for those of one owner when he is given. */
export async function serversOfStorage(db: Db, name: string, except: number | null): Promise<string[]> {
  const named = `%"${name}"%`;
  const found = await db.selectFrom("servers").select(["name", "user_id", "storages", "schedule"]).orderBy("id")
    .where((eb) => eb.or([eb("storages", "like", named), eb("schedule", "like", named)])).execute();
  const names = (json: string | null): unknown => json === null ? null : JSON.parse(json);
  return found.filter(({ user_id, storages, schedule }) => user_id !== except
    && [names(storages), (names(schedule) as { storages?: unknown } | null)?.storages].some((list) => Array.isArray(list) && list.includes(name))).map((server) => server.name);
}
