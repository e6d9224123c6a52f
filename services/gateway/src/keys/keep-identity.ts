import { parseIdentities, recipientOf } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { IDENTITY_CONTEXT } from "@safebase/runtime";
import { lockKey, updateKey } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { keyView, type KeyView } from "./view.ts";

/** Keeps a key's identity here, sealed, from now on: for one that was kept away, or lost with the master key. */
export async function keepIdentity(deps: Core, actor: Actor, { id, identity: given }: { readonly id: number; readonly identity: string }): Promise<KeyView> {
  return deps.db.transaction().execute(async (tx) => {
    const key = await lockKey(tx, id, { user_id: actor.user_id });
    if (key === undefined) throw missing("key", id);
    const identity = oneIdentity(given);
    if (recipientOf(identity) !== key.recipient) throw new SafebaseError("bad_request", `identity: it is that of ${recipientOf(identity)}, and key ${id} is ${key.recipient}`);
    const row = await updateKey(tx, id, { identity_sealed: deps.secrets.seal(identity, IDENTITY_CONTEXT) });
    await auditDone(tx, deps, actor, "key.keep", { type: "encryption_key", id });
    return keyView(row);
  });
}

/** The only one in a text as age-keygen writes it. */
export function oneIdentity(text: string): string {
  const [identity, ...more] = parseIdentities(text);
  if (identity === undefined || more.length > 0) throw new SafebaseError("bad_request", "identity: give exactly one, the line that begins with AGE-SECRET-KEY-1");
  return identity;
}
