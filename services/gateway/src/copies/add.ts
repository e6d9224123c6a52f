import { SafebaseError } from "@safebase/contracts";
import { findCopy, insertCopies } from "../catalog/copies.ts";
import { findKey } from "../catalog/encryption-keys.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { storagesNamed } from "../catalog/storages.ts";
import { getBackup } from "../backups/get.ts";
import type { BackupDetails } from "../backups/view.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { recipientsOf } from "../keys/identities.ts";
import { storagesColumn } from "../storages/named.ts";
import { lockStored, requireOther, type CopyInput } from "./find.ts";
import { queueCopy } from "./queue.ts";

/** Has a completed backup copied to one more storage. */
export async function addCopy(deps: Deps, actor: Actor, input: CopyInput): Promise<BackupDetails> {
  const at = deps.now().toISOString();
  const backup = await deps.db.transaction().execute(async (tx) => {
    const stored = await lockStored(tx, actor, input.backup_id);
    await storagesColumn(tx, stored.backup.user_id, [input.storage], "storage");
    await refuseThere(tx, input);
    await refuseInTheClear(tx, stored.backup, input.storage);
    requireOther(stored.copies, input, "have it checked first");
    await insertCopies(tx, stored.backup.id, [input.storage], at);
    const copy = await findCopy(tx, stored.backup.id, input.storage);
    if (copy === undefined) throw new SafebaseError("internal", "a copy that was added is not there");
    await queueCopy(tx, copy, at);
    await auditDone(tx, deps, actor, "backup.copy.create", { type: "backup", id: stored.backup.id }, { storage: input.storage });
    return stored.backup;
  });
  deps.dispatcher.kick();
  await announceBackup(deps, backup.user_id, backup.id);
  return getBackup(deps, actor, { id: backup.id });
}

async function refuseThere(tx: Db, { backup_id, storage }: CopyInput): Promise<void> {
  const copy = await findCopy(tx, backup_id, storage);
  if (copy === undefined) return;
  if (copy.deleted_at !== null) throw new SafebaseError("conflict", `backup ${backup_id} is still being removed from ${storage}`, { hint: "wait until it has gone" });
  if (copy.state === "good") throw new SafebaseError("conflict", `backup ${backup_id} lies in ${storage} already`);
  throw new SafebaseError("conflict", `backup ${backup_id} is to lie in ${storage} already, and its copy there is ${copy.state}`, { hint: `try again now: POST /api/backups/${backup_id}/copies/${storage}/retry` });
}

/** Whoever gave a storage a key wants nothing in it that another key, or none, opens. */
async function refuseInTheClear(tx: Db, backup: Backup, storage: string): Promise<void> {
  const [row] = await storagesNamed(tx, [storage]);
  if (row === undefined || row.encryption_key_id === null || row.encryption_key_id === backup.encryption_key_id) return;
  const key = await findKey(tx, row.encryption_key_id, "all");
  if (key !== undefined && recipientsOf(backup.recipients).includes(key.recipient)) return;
  throw new SafebaseError("conflict", `what goes to ${storage} is encrypted to its key, and backup ${backup.id} is not`, { hint: "back the database up to that storage instead" });
}
