import { findKey, type EncryptionKey } from "../catalog/encryption-keys.ts";
import { storagesNamed } from "../catalog/storages.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { SafebaseError } from "@safebase/contracts";
import { defaultStorages, namesOf } from "../storages/named.ts";

/** Where a backup goes: those storages, else the database's, else the installation's; and what it is encrypted with. */
export async function destinationOf(db: Db, database: Database, asked?: readonly string[]): Promise<{ storages: string[]; keys: EncryptionKey[] }> {
  const names = asked ?? namesOf(database.storages) ?? await defaultStorages(db);
  const rows = await storagesNamed(db, names);
  const storages = names.map((name) => {
    const row = rows.find((each) => each.name === name);
    if (row === undefined) throw new SafebaseError("internal", `the storage ${name} of database ${database.id} is gone`);
    return row;
  });
  return { storages: [...names], keys: await keysOf(db, [database, ...storages]) };
}

/** Each once, in this order. Never in the clear instead. */
async function keysOf(db: Db, holders: readonly { readonly name: string; readonly encryption_key_id: number | null }[]): Promise<EncryptionKey[]> {
  const keys = new Map<number, EncryptionKey>();
  for (const { name, encryption_key_id } of holders) {
    if (encryption_key_id === null) continue;
    const key = await findKey(db, encryption_key_id, "all");
    if (key === undefined) throw new SafebaseError("internal", `${name} has lost its key`);
    keys.set(key.id, key);
  }
  return [...keys.values()];
}
