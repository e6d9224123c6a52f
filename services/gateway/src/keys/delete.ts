import { SafebaseError } from "@safebase/contracts";
import * as catalog from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { refuseUsed } from "./require.ts";

/** Deletes a key that nothing needs: neither a database, nor a storage, nor a backup. */
export async function deleteKey(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await catalog.lockKey(tx, id, actor.scope);
    if (row === undefined) throw missing("key", id);
    await refuseUsed(tx, id);
    const backups = await catalog.countBackupsOfKey(tx, id);
    if (backups > 0) throw new SafebaseError("conflict", `${backups} ${backups === 1 ? "backup is" : "backups are"} encrypted with key ${id}`, { hint: "retire it, or delete those backups first" });
    await catalog.deleteKey(tx, id);
    await auditDone(tx, deps, actor, "key.delete", { type: "encryption_key", id }, { name: row.name, recipient: row.recipient });
  });
}
