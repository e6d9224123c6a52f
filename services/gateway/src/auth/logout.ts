import { recordAudit } from "../audit/record.ts";
import { revokeToken } from "../catalog/tokens.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { TokenClaims } from "./tokens.ts";

/** Makes the token useless from now on. */
export async function logout(deps: Core, actor: Actor, token: TokenClaims): Promise<void> {
  await revokeToken(deps.db, { jti: token.jti, expires_at: token.expires_at.toISOString() }, new Date().toISOString());
  await recordAudit(deps.db, { actor, action: "auth.logout" });
}
