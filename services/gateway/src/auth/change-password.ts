import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findUser, setPassword } from "../catalog/users.ts";
import type { User } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { endAllOf } from "./logout.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import type { Session } from "./register.ts";
import { beginAttempt } from "./throttle.ts";
import { issueToken, type TokenClaims } from "./tokens.ts";

/** Gives an account another password, which ends all of its sessions and download links. Answers a session that goes on. */
export async function changePassword(
  deps: Core, actor: Actor, claims: TokenClaims, user: User, input: { readonly password: string; readonly new_password: string },
): Promise<Session> {
  if (claims.api_token_id !== null) throw new SafebaseError("forbidden", "an API token cannot change the password", { hint: "log in with the password first" });
  const attempt = await beginAttempt(deps.db, user.email, actor.ip);
  if (!await verifyPassword(input.password, user.password_hash)) {
    await recordAudit(deps.db, { actor, action: "auth.password", outcome: "refused" });
    throw new SafebaseError("unauthorized", "password is wrong");
  }
  await attempt.succeeded();
  const password_hash = await hashPassword(input.new_password);
  const after = await deps.db.transaction().execute(async (tx) => {
    await setPassword(tx, user.id, password_hash, null);
    const links_revoked = await endAllOf(tx, user.id);
    await recordAudit(tx, { actor, action: "auth.password", detail: { links_revoked } });
    return findUser(tx, user.id);
  });
  if (after === undefined) throw new SafebaseError("unauthorized", "the account does not exist any more");
  return { user: after, token: await issueToken(deps.secrets, after) };
}
