import { databasesOfServer, findServer } from "../catalog/servers.ts";
import { viewDatabase, type DatabaseView } from "../databases/view.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { defaultStorages } from "../storages/named.ts";
import { serverView, type ServerView } from "./view.ts";

export interface ServerDetails { server: ServerView; databases: DatabaseView[] }

/** A server with its registered databases. */
export async function getServer(deps: Pick<Core, "db">, actor: Pick<Actor, "scope">, input: { readonly id: number }): Promise<ServerDetails> {
  const row = await findServer(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("server", input.id);
  const default_storages = await defaultStorages(deps.db);
  return { server: serverView(row), databases: (await databasesOfServer(deps.db, row.id)).map((database) => viewDatabase(database, default_storages)) };
}
