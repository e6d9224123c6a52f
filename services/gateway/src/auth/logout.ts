import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { deleteLinksOf } from "../catalog/download-links.ts";
import type { Db } from "../catalog/scope.ts";
import { revokeToken } from "../catalog/tokens.ts";
import { endSessionsOf } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import type { TokenClaims } from "./tokens.ts";

/** Makes this session's token useless from now on; `everywhere`: those of all sessions of the account, and its download links. */
export async function logout(deps: Core, actor: Actor, token: TokenClaims, everywhere: boolean): Promise<void> {
  if (token.api_token_id !== null) throw new SafebaseError("conflict", "an API token is no session", { hint: `revoke it: DELETE /api/tokens/${token.api_token_id}` });
  await deps.db.transaction().execute(async (tx) => {
    await revokeToken(tx, { jti: token.jti, expires_at: token.expires_at.toISOString() }, new Date().toISOString());
    const detail = everywhere ? { everywhere, links_revoked: await endAllOf(tx, actor.user_id) } : undefined;
    await recordAudit(tx, { actor, action: "auth.logout", detail });
  });
}

/** Ends all sessions of an account and its download links; how many links there were. */
export async function endAllOf(tx: Db, userId: number): Promise<number> {
  await endSessionsOf(tx, userId);
  return deleteLinksOf(tx, userId);
}
