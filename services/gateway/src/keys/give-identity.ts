import { SafebaseError } from "@safebase/contracts";
import { IDENTITY_CONTEXT } from "@safebase/runtime";
import { requirePassword } from "../auth/require-password.ts";
import { findKey, lockKey, updateKey } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

export interface GiveIdentityInput { readonly id: number; readonly password: string }

/** Gives a key's identity out, to its owner alone (no admin) and for his password, so that a stolen session gets none. */
export async function giveIdentity(deps: Core, actor: Actor, { id, password }: GiveIdentityInput): Promise<string> {
  if (await findKey(deps.db, id, { user_id: actor.user_id }) === undefined) throw missing("key", id);
  await requirePassword(deps, actor, password, { action: "key.identity", object: { type: "encryption_key", id } });
  return deps.db.transaction().execute(async (tx) => {
    const key = await lockKey(tx, id, { user_id: actor.user_id });
    if (key === undefined) throw missing("key", id);
    if (key.identity_sealed === null) throw new SafebaseError("conflict", `the identity of key ${id} is not kept here`);
    await updateKey(tx, id, { identity_given_at: deps.now().toISOString() });
    await auditDone(tx, deps, actor, "key.identity", { type: "encryption_key", id });
    return deps.secrets.open(key.identity_sealed, IDENTITY_CONTEXT);
  });
}
