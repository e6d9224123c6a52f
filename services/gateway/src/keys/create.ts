import { checkRecipient, generateAgeKey } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { IDENTITY_CONTEXT } from "@safebase/runtime";
import { insertKey } from "../catalog/encryption-keys.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { keyView, type KeyView } from "./view.ts";

/** A recipient whose identity the user keeps away, or a new pair whose identity is sealed here. */
export type CreateKeyInput = { readonly name: string } & ({ readonly recipient: string } | { readonly generate: true });

/** Adds a key of the actor's own. Nothing is encrypted with it until a database is set to it. */
export async function createKey(deps: Core, actor: Actor, input: CreateKeyInput): Promise<KeyView> {
  const { recipient, identity } = "recipient" in input ? { recipient: input.recipient, identity: null } : generateAgeKey();
  checkRecipient(recipient);
  return deps.db.transaction().execute(async (tx) => {
    const row = await insertKey(tx, {
      user_id: actor.user_id, name: input.name, recipient, created_at: deps.now().toISOString(),
      identity_sealed: identity === null ? null : deps.secrets.seal(identity, IDENTITY_CONTEXT),
    });
    if (row === undefined) throw new SafebaseError("conflict", `you have a key of ${recipient} already`);
    await auditDone(tx, deps, actor, "key.create", { type: "encryption_key", id: row.id }, { name: row.name, recipient, identity_kept: identity !== null });
    return keyView(row);
  });
}
