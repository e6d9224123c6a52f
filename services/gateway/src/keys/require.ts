import { SafebaseError } from "@safebase/contracts";
import { databasesOfKey, lockKey } from "../catalog/encryption-keys.ts";
import { serversOfKey } from "../catalog/servers.ts";
import type { Db } from "../catalog/scope.ts";
import { storagesOfKey } from "../catalog/storages.ts";
import { missing } from "../jobs/missing.ts";

/** Throws unless a database or a storage of this owner can be set to this key: his own, and not retired. */
export async function requireUsableKey(tx: Db, owner_id: number, id: number): Promise<void> {
  const key = await lockKey(tx, id, { user_id: owner_id });
  if (key === undefined) throw missing("key", id);
  if (key.retired_at !== null) throw new SafebaseError("conflict", `key ${id} is retired`, { hint: `take another, or bring it back: PUT /api/keys/${id} {"retired": false}` });
}

/** Throws while a database, a server's new databases or a storage encrypt their next backups with this key. */
export async function refuseUsed(tx: Db, id: number): Promise<void> {
  const [database] = await databasesOfKey(tx, id);
  if (database !== undefined) throw new SafebaseError("conflict", `${database.name} is encrypted with key ${id}`, { hint: "set that database to another key first" });
  refuseStorages(await storagesOfKey(tx, id), id);
  const [server] = await serversOfKey(tx, id);
  if (server !== undefined) throw new SafebaseError("conflict", `new databases of server ${server.name} are encrypted with key ${id}`, { hint: "set that server to another key first" });
}

function refuseStorages(storages: readonly string[], id: number): void {
  if (storages.length === 0) return;
  const one = storages.length === 1;
  throw new SafebaseError("conflict", one ? `what goes to the storage ${storages[0]} is encrypted with key ${id}` : `what goes to the storages ${storages.join(", ")} is encrypted with key ${id}`, {
    hint: one ? "set that storage to another key first" : "set those storages to another key first",
  });
}
