import { checkRecipient, generateAgeKey, recipientOf } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { IDENTITY_CONTEXT } from "@safebase/runtime";
import { insertKey } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { oneIdentity } from "./keep-identity.ts";
import { keyView, type KeyView } from "./view.ts";

/** A recipient whose identity the user keeps away, an identity to be sealed here, or a new pair whose identity is. */
export type CreateKeyInput = { readonly name: string } & ({ readonly recipient: string } | { readonly identity: string } | { readonly generate: true });

/** Adds a key of the actor's own. Nothing is encrypted with it until a database is set to it. */
export async function createKey(deps: Core, actor: Actor, input: CreateKeyInput): Promise<KeyView> {
  const { recipient, identity } = pairOf(input);
  checkRecipient(recipient);
  return deps.db.transaction().execute(async (tx) => {
    const row = await insertKey(tx, {
      user_id: actor.user_id, name: input.name, recipient, created_at: deps.now().toISOString(),
      identity_sealed: identity === null ? null : deps.secrets.seal(identity, IDENTITY_CONTEXT),
    });
    if (row === undefined) throw new SafebaseError("conflict", `you have a key of ${recipient} already`, identity === null ? {} : { hint: "to keep its identity here: PUT /api/keys/:id/identity" });
    await auditDone(tx, deps, actor, "key.create", { type: "encryption_key", id: row.id }, { name: row.name, recipient, identity_kept: identity !== null });
    return keyView(row);
  });
}

function pairOf(input: CreateKeyInput): { recipient: string; identity: string | null } {
  if ("recipient" in input) return { recipient: input.recipient, identity: null };
  if (!("identity" in input)) return generateAgeKey();
  const identity = oneIdentity(input.identity);
  return { recipient: recipientOf(identity), identity };
}
