import { LOCAL_STORAGE, SafebaseError } from "@safebase/contracts";
import { z } from "zod";
import { findSetting } from "../catalog/settings.ts";
import { listStorages, lockStorage } from "../catalog/storages.ts";
import type { Db } from "../catalog/scope.ts";

export const DEFAULT_STORAGES = "default_storages";

/** Where backups go of which nothing else was said. */
export async function defaultStorages(db: Db): Promise<string[]> {
  return namesOf(await findSetting(db, DEFAULT_STORAGES) ?? null) ?? [LOCAL_STORAGE];
}

/** Names as the catalog holds them; null where nothing was said. */
export function namesOf(json: string | null): string[] | null {
  return json === null ? null : z.array(z.string()).parse(JSON.parse(json));
}

/**
 * Names as the catalog is to hold them, each once, of storages that this owner may store in; they stay until the end
 * of the transaction. Throws `bad_request` for one that is not there for him. No owner: those that are for everybody.
 */
export async function storagesColumn(tx: Db, owner: number | null, names: readonly string[], field = "storages"): Promise<string> {
  const wanted = [...new Set(names)];
  const known = await listStorages(tx, { user_id: owner ?? 0 });
  const unknown = wanted.find((name) => !known.some((row) => row.name === name));
  if (unknown !== undefined) throw new SafebaseError("bad_request", `${field}: unknown storage: ${unknown}`, { hint: `known: ${known.map(({ name }) => name).join(", ")}` });
  for (const { id, name } of known) if (wanted.includes(name)) await lockStorage(tx, id, "all");
  return JSON.stringify(wanted);
}
