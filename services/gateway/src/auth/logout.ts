import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { revokeToken } from "../catalog/tokens.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { TokenClaims } from "./tokens.ts";

/** Makes a session's token useless from now on. */
export async function logout(deps: Core, actor: Actor, token: TokenClaims): Promise<void> {
  if (token.api_token_id !== null) throw new SafebaseError("conflict", "an API token is no session", { hint: `revoke it: DELETE /api/tokens/${token.api_token_id}` });
  await revokeToken(deps.db, { jti: token.jti, expires_at: token.expires_at.toISOString() }, new Date().toISOString());
  await recordAudit(deps.db, { actor, action: "auth.logout" });
}
