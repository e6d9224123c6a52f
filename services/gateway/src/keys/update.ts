import { lockKey, updateKey as update } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { refuseUsed } from "./require.ts";
import { keyView, type KeyView } from "./view.ts";

export interface UpdateKeyInput { readonly id: number; readonly name?: string | undefined; readonly retired?: boolean | undefined }

/** Renames a key, or retires it: neither database nor storage can be set to it any more. What it encrypted is restored as before. */
export async function updateKey(deps: Core, actor: Actor, { id, name, retired }: UpdateKeyInput): Promise<KeyView> {
  return deps.db.transaction().execute(async (tx) => {
    const before = await lockKey(tx, id, actor.scope);
    if (before === undefined) throw missing("key", id);
    if (retired === true) await refuseUsed(tx, id);
    const row = await update(tx, id, {
      name: name ?? before.name,
      retired_at: retired === undefined ? before.retired_at : retired ? before.retired_at ?? deps.now().toISOString() : null,
    });
    await auditDone(tx, deps, actor, "key.update", { type: "encryption_key", id }, { name: row.name, retired: row.retired_at !== null });
    return keyView(row);
  });
}
