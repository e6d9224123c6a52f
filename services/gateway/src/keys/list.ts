import * as catalog from "../catalog/encryption-keys.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { keyView, type KeyView } from "./view.ts";

export async function listKeys(deps: Pick<Core, "db">, actor: Pick<Actor, "scope">): Promise<KeyView[]> {
  return (await catalog.listKeys(deps.db, actor.scope)).map(keyView);
}
