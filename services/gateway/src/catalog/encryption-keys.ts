import type { Generated, Insertable, Selectable } from "kysely";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** A pair of age's: backups are encrypted to the recipient, and the identity opens them. */
export interface EncryptionKeysTable {
  id: Generated<number>;
  user_id: number;
  name: string;
  recipient: string;
  /** Null: the user keeps it away, and gives it when something is to be opened. */
  identity_sealed: string | null;
  /** When its owner last took the identity, to store it elsewhere too. */
  identity_given_at: string | null;
  created_at: string;
  /** No database is set to it any more; what it encrypted stays. */
  retired_at: string | null;
}
export type EncryptionKey = Selectable<EncryptionKeysTable>;

/** Undefined when this user has a key of that recipient. */
export async function insertKey(
  db: Db, row: Pick<Insertable<EncryptionKeysTable>, "user_id" | "name" | "recipient" | "identity_sealed" | "created_at">,
): Promise<EncryptionKey | undefined> {
  return db.insertInto("encryption_keys").values({ ...row, identity_given_at: null, retired_at: null })
    .onConflict((conflict) => conflict.columns(["user_id", "recipient"]).doNothing()).returningAll().executeTakeFirst();
}

export async function findKey(db: Db, id: number, scope: Scope): Promise<EncryptionKey | undefined> {
  return db.selectFrom("encryption_keys").selectAll().where("id", "=", id).where(ownedBy("encryption_keys.user_id", scope)).executeTakeFirst();
}

export async function listKeys(db: Db, scope: Scope): Promise<EncryptionKey[]> {
  return db.selectFrom("encryption_keys").selectAll().where(ownedBy("encryption_keys.user_id", scope)).orderBy("id").execute();
}

/** Makes other transactions that lock this key wait for ours. Undefined when it is not there for this scope. */
export async function lockKey(db: Db, id: number, scope: Scope): Promise<EncryptionKey | undefined> {
  return db.updateTable("encryption_keys").set((eb) => ({ name: eb.ref("name") }))
    .where("id", "=", id).where(ownedBy("encryption_keys.user_id", scope)).returningAll().executeTakeFirst();
}

/** Changes a locked key. */
export async function updateKey(
  db: Db, id: number, change: Partial<Pick<EncryptionKey, "name" | "identity_sealed" | "identity_given_at" | "retired_at">>,
): Promise<EncryptionKey> {
  return db.updateTable("encryption_keys").set(change).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
}

export async function deleteKey(db: Db, id: number): Promise<void> {
  await db.deleteFrom("encryption_keys").where("id", "=", id).execute();
}

/** The registered databases that are encrypted with a key. */
export async function databasesOfKey(db: Db, id: number): Promise<{ id: number; name: string }[]> {
  return db.selectFrom("databases").select(["id", "name"]).where("encryption_key_id", "=", id).where("deleted_at", "is", null).orderBy("id").execute();
}

/** How many backups that are there, or are being made, this key opens, whoever's. */
export async function countBackupsOfKey(db: Db, id: number): Promise<number> {
  const { count } = await db.selectFrom("backups").innerJoin("backup_keys", "backup_keys.backup_id", "backups.id").select((eb) => eb.fn.countAll<number>().as("count"))
    .where("backup_keys.encryption_key_id", "=", id).where("deleted_at", "is", null).where("status", "in", ["pending", "running", "completed"]).executeTakeFirstOrThrow();
  return count;
}

/** Notes what a backup is ordered to be encrypted with. */
export async function insertBackupKeys(db: Db, backupId: number, keys: readonly EncryptionKey[]): Promise<void> {
  if (keys.length > 0) await db.insertInto("backup_keys").values(keys.map(({ id }) => ({ backup_id: backupId, encryption_key_id: id }))).execute();
}

/**
 * The keys that open a backup: those that it was ordered to be encrypted with, and its owner's of any of these
 * recipients. No others, else whoever came by a stranger's artifact could pass it off as his own and have it opened here.
 */
export async function keysOpening(db: Db, backup: { readonly id: number; readonly user_id: number }, recipients: readonly string[]): Promise<EncryptionKey[]> {
  if (recipients.length === 0) return [];
  const ordered = db.selectFrom("backup_keys").select("encryption_key_id").where("backup_id", "=", backup.id);
  return db.selectFrom("encryption_keys").selectAll().where("recipient", "in", recipients)
    .where((eb) => eb.or([eb("id", "in", ordered), eb("user_id", "=", backup.user_id)])).orderBy("id").execute();
}
