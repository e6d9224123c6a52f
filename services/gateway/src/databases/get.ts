import type { Actor, Core } from "../jobs/deps.ts";
import { defaultStorages } from "../storages/named.ts";
import { requireDatabase } from "./find.ts";
import { viewDatabase, type DatabaseView } from "./view.ts";

export async function getDatabase(deps: Pick<Core, "db">, actor: Actor, input: { readonly id: number }): Promise<DatabaseView> {
  return viewDatabase(await requireDatabase(deps, actor, input.id), await defaultStorages(deps.db));
}
