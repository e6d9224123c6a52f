import * as catalog from "../catalog/databases.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { defaultStorages } from "../storages/named.ts";
import { viewDatabase, type DatabaseView } from "./view.ts";

export async function listDatabases(deps: Pick<Core, "db">, actor: Actor): Promise<DatabaseView[]> {
  const default_storages = await defaultStorages(deps.db);
  return (await catalog.listDatabases(deps.db, actor.scope)).map((row) => viewDatabase(row, default_storages));
}
