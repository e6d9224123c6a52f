import { SafebaseError } from "@safebase/contracts";
import { lockKey, updateKey } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { keyView, type KeyView } from "./view.ts";

/** Forgets a key's identity for good: from now on its owner gives it for each restore. Jobs that were ordered have theirs. */
export async function keepAway(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<KeyView> {
  return deps.db.transaction().execute(async (tx) => {
    const key = await lockKey(tx, id, actor.scope);
    if (key === undefined) throw missing("key", id);
    if (key.identity_sealed === null) throw new SafebaseError("conflict", `the identity of key ${id} is not kept here`);
    if (key.identity_given_at === null) {
      throw new SafebaseError("conflict", `nobody has taken the identity of key ${id} yet, so without this one nobody could restore`, { hint: `store it first: POST /api/keys/${id}/identity` });
    }
    const row = await updateKey(tx, id, { identity_sealed: null });
    await auditDone(tx, deps, actor, "key.keep_away", { type: "encryption_key", id }, { recipient: key.recipient });
    return keyView(row);
  });
}
