import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { findUserByEmail, noteLogin } from "../catalog/users.ts";
import type { User } from "../catalog/schema.ts";
import type { Core, Deps } from "../jobs/deps.ts";
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
  await refuseClosed(deps, user, actor);
  const told = await deps.db.transaction().execute(async (tx) => {
    const at = deps.now().toISOString();
    await noteLogin(tx, user.id, at);
    await recordAudit(tx, { actor, action: "auth.login" });
    return notePlace(tx, user, from, at);
  });
  if (told) deps.dispatcher.kick();
  return { user, token: await issueToken(deps.secrets, user) };
}

/** Who shows the right password is told why he does not get in. */
async function refuseClosed(deps: Core, user: User, actor: { user_id: number | null; email: string; ip: string | null }): Promise<void> {
  const late = user.password_expires_at !== null && user.password_expires_at <= deps.now().toISOString();
  if (user.disabled_at === null && !late) return;
  await recordAudit(deps.db, { actor, action: "auth.login", outcome: "refused", detail: { reason: late ? "the password has expired" : "disabled" } });
  if (user.disabled_at !== null) throw new SafebaseError("forbidden", "this account is disabled", { hint: "ask an admin" });
  throw new SafebaseError("forbidden", "the password that an admin gave out has expired", { hint: "ask an admin for another" });
}
