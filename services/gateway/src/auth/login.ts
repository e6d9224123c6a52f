import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findUserByEmail } from "../catalog/users.ts";
import type { Deps } from "../jobs/deps.ts";
import { notePlace } from "./note-place.ts";
import { verifyPassword } from "./passwords.ts";
import type { Session } from "./register.ts";
import type { Origin } from "./place.ts";
import { beginAttempt } from "./throttle.ts";
import { issueToken } from "./tokens.ts";

/** A session for the right email and password. A wrong email and a wrong password are told alike, and take as long. */
export async function login(deps: Deps, from: Origin, input: { readonly email: string; readonly password: string }): Promise<Session> {
  const email = input.email.toLowerCase();
  const { ip } = from;
  const attempt = await beginAttempt(deps.db, email, ip);
  const user = await findUserByEmail(deps.db, email);
  const right = await verifyPassword(input.password, user?.password_hash);
  const actor = { user_id: user?.id ?? null, email, ip };
  if (user === undefined || !right) {
    await recordAudit(deps.db, { actor, action: "auth.login", outcome: "refused" });
    throw new SafebaseError("unauthorized", "the email or the password is wrong");
  }
  await attempt.succeeded();
  const told = await deps.db.transaction().execute(async (tx) => {
    await recordAudit(tx, { actor, action: "auth.login" });
    return notePlace(tx, user, from, deps.now().toISOString());
  });
  if (told) deps.dispatcher.kick();
  return { user, token: await issueToken(deps.secrets, user) };
}
