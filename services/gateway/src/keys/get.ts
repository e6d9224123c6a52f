import { findKey } from "../catalog/encryption-keys.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { keyView, type KeyView } from "./view.ts";

export async function getKey(deps: Pick<Core, "db">, actor: Pick<Actor, "scope">, input: { readonly id: number }): Promise<KeyView> {
  const row = await findKey(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("key", input.id);
  return keyView(row);
}
