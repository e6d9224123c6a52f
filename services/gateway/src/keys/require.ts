import { SafebaseError } from "@safebase/contracts";
import { databasesOfKey, findKey, lockKey, type EncryptionKey } from "../catalog/encryption-keys.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { storagesOfKey } from "../catalog/storages.ts";
import { missing } from "../jobs/missing.ts";

/** Throws unless a database or a storage of this owner can be set to this key: his own, and not retired. */
export async function requireUsableKey(tx: Db, owner_id: number, id: number): Promise<void> {
  const key = await lockKey(tx, id, { user_id: owner_id });
  if (key === undefined) throw missing("key", id);
  if (key.retired_at !== null) throw new SafebaseError("conflict", `key ${id} is retired`, { hint: `take another, or bring it back: PUT /api/keys/${id} {"retired": false}` });
}

/** Throws while a database or a storage encrypts its next backups with this key. */
export async function refuseUsed(tx: Db, id: number): Promise<void> {
  const [database] = await databasesOfKey(tx, id);
  if (database !== undefined) throw new SafebaseError("conflict", `${database.name} is encrypted with key ${id}`, { hint: "set that database to another key first" });
  const [storage] = await storagesOfKey(tx, id);
  if (storage !== undefined) throw new SafebaseError("conflict", `what goes to the storage ${storage} is encrypted with key ${id}`, { hint: "set that storage to another key first" });
}

/** The key that a database's next backup is encrypted with, if any. */
export async function keyOfDatabase(db: Db, database: Database): Promise<EncryptionKey | undefined> {
  if (database.encryption_key_id === null) return undefined;
  const key = await findKey(db, database.encryption_key_id, "all");
  if (key === undefined) throw new SafebaseError("internal", `database ${database.id} has lost its key`); // never in the clear instead
  return key;
}
