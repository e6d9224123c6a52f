import { SafebaseError } from "@safebase/contracts";
import { findStorage, lockStorage } from "../catalog/storages.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";
import type { Actor } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

/** The storage of that id if the actor may store there; anybody else's is as missing as none. */
export async function requireStorage(db: Db, actor: Pick<Actor, "scope">, id: number): Promise<StorageRow> {
  const row = await findStorage(db, id, actor.scope);
  if (row === undefined) throw missing("storage", id);
  return row;
}

/** The same to change it, until the end of the transaction. What all store in is an admin's to change, whoever's it is. */
export async function lockOwnStorage(tx: Db, actor: Actor, id: number): Promise<StorageRow> {
  const row = await lockStorage(tx, id, actor.scope);
  if (row === undefined) throw missing("storage", id);
  refuseOthers(actor, row);
  return row;
}

/** Throws unless the actor may change what he sees. */
export function refuseOthers(actor: Actor, row: StorageRow): void {
  const own = row.user_id === null || row.user_id === actor.user_id || actor.scope === "all";
  if (own && (row.shared === 0 || actor.role === "admin")) return;
  throw new SafebaseError("forbidden", `the storage ${row.name} is shared: only an admin may change it`, actor.role === "admin" ? { hint: "it is another admin's: use scope=all" } : {});
}

/** Throws unless this account's storages may be for everybody: whoever changes where one leads gets everybody's backups. */
export async function requireSharer(tx: Db, owner: number | null): Promise<void> {
  if (owner !== null && (await findUser(tx, owner))?.role === "admin") return;
  throw new SafebaseError("forbidden", "shared: only an admin's storage may be for everybody");
}

/** A folder of the executors' machines is an admin's to choose. */
export function refuseFolder(actor: Pick<Actor, "role">, type: string): void {
  if (type !== "local" || actor.role === "admin") return;
  throw new SafebaseError("forbidden", "config.type: only an admin may store in a folder of the executors' machines", { hint: "use the storage local, which is there already, or one of type s3 or sftp" });
}
