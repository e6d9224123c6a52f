import { copyTotals } from "../catalog/storage-copies.ts";
import { listStorageStatus } from "../catalog/storage-status.ts";
import { listWatched } from "../catalog/watched.ts";
import * as catalog from "../catalog/storages.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { storageView, type Around, type StorageView } from "./view.ts";

/** The storages that the actor may store in, as they were last seen, with what they hold of his. */
export async function listStorages(deps: Pick<Core, "db" | "config" | "secrets">, actor: Actor): Promise<StorageView[]> {
  const around = await lookAround(deps, actor);
  return (await catalog.listStorages(deps.db, actor.scope)).map((row) => storageView(row, deps, actor, around));
}

export async function lookAround({ db }: Pick<Core, "db">, actor: Pick<Actor, "scope">): Promise<Around> {
  return { statuses: await listStorageStatus(db), totals: await copyTotals(db, actor.scope), watched: await listWatched(db) };
}
