import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { newApiToken } from "../auth/api-tokens.ts";
import type { Right } from "../auth/rights.ts";
import type { TokenClaims } from "../auth/tokens.ts";
import { insertApiToken, listApiTokens } from "../catalog/api-tokens.ts";
import type { ApiToken } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";

const MOST_PER_USER = 50;

export interface ApiTokenOrder { readonly name: string; readonly expires_at: string | null; readonly rights: Right }

/** Makes a token with its user's rights, or some of them, for scripts. It is answered here and never again. */
export async function createApiToken(deps: Core, actor: Actor, session: TokenClaims, { name, expires_at, rights }: ApiTokenOrder): Promise<{ token: string; row: ApiToken }> {
  // Else a token that leaked could outlive its end and its revocation.
  if (session.api_token_id !== null) throw new SafebaseError("forbidden", "an API token makes no other ones", { hint: "log in at POST /auth/login" });
  const now = deps.now().toISOString();
  if (expires_at !== null && expires_at <= now) throw new SafebaseError("bad_request", `expires_at must be in the future, got ${expires_at}`);
  const { token, token_hash } = newApiToken();
  const row = await deps.db.transaction().execute(async (tx) => {
    if ((await listApiTokens(tx, { user_id: actor.user_id })).length >= MOST_PER_USER) {
      throw new SafebaseError("conflict", `there are ${MOST_PER_USER} API tokens of yours already`, { hint: "revoke those that are not used: DELETE /api/tokens/{id}" });
    }
    const made = await insertApiToken(tx, { user_id: actor.user_id, name, token_hash, rights, created_at: now, expires_at });
    await recordAudit(tx, { actor, action: "token.create", object: { type: "token", id: made.id }, detail: { name, expires_at, rights } });
    return made;
  });
  return { token, row };
}
