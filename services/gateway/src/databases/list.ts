import * as catalog from "../catalog/databases.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { viewDatabase, type DatabaseView } from "./view.ts";

export async function listDatabases(deps: Pick<Core, "db">, actor: Actor): Promise<DatabaseView[]> {
  return (await catalog.listDatabases(deps.db, actor.scope)).map(viewDatabase);
}
