import type { Actor, Core } from "../jobs/deps.ts";
import { requireStorage } from "./find.ts";
import { lookAround } from "./list.ts";
import { storageView, type StorageView } from "./view.ts";

export async function getStorage(deps: Pick<Core, "db" | "config" | "secrets">, actor: Actor, { id }: { readonly id: number }): Promise<StorageView> {
  return storageView(await requireStorage(deps.db, actor, id), deps, actor, await lookAround(deps, actor));
}
