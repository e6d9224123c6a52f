import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findUser, setEmail } from "../catalog/users.ts";
import type { User } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requirePassword } from "./require-password.ts";
import type { TokenClaims } from "./tokens.ts";

/** Gives one's own account another email, which one logs in with from then on. The password is asked for once more. */
export async function changeEmail(deps: Core, actor: Actor, claims: TokenClaims, input: { readonly email: string; readonly password: string }): Promise<User> {
  if (claims.api_token_id !== null) throw new SafebaseError("forbidden", "an API token cannot change the email", { hint: "log in with the password first" });
  const email = input.email.toLowerCase();
  await requirePassword(deps, actor, input.password, { action: "auth.email" });
  return deps.db.transaction().execute(async (tx) => {
    if (await setEmail(tx, actor.user_id, email) === "taken") throw new SafebaseError("conflict", `email: an account with the email ${email} exists already`);
    await recordAudit(tx, { actor, action: "auth.email", detail: { from: actor.email, to: email } });
    const user = await findUser(tx, actor.user_id);
    if (user === undefined) throw new SafebaseError("unauthorized", "the account does not exist any more");
    return user;
  });
}
