import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import type { Role, User } from "../catalog/schema.ts";
import { countUsers, insertUser } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { notePlace } from "./note-place.ts";
import { hashPassword } from "./passwords.ts";
import { registrationOpen } from "./registration.ts";
import type { Origin } from "./place.ts";
import { limitRegistrations } from "./throttle.ts";
import { issueToken } from "./tokens.ts";

export interface Registration { readonly email: string; readonly password: string; readonly role?: Role | undefined }
export interface Session { readonly user: User; readonly token: string }

/**
 * Makes an account. The first is the admin, whatever it asked for; later nobody but an admin makes one. `caller` is
 * who asks, when he is logged in.
 */
export async function register(deps: Core, caller: Actor | undefined, from: Origin, input: Registration): Promise<Session> {
  const { ip } = from;
  const byAdmin = caller?.role === "admin";
  const email = input.email.toLowerCase();
  if (!byAdmin) await limitRegistrations(deps.db, ip);
  const open = await registrationOpen(deps);
  await refuseEarly(deps, open, byAdmin, input, async (reason) => {
    await recordAudit(deps.db, { actor: { user_id: caller?.user_id ?? null, email: caller?.email ?? email, ip }, action: "auth.register", outcome: "refused", detail: { email, reason } });
  });
  const password_hash = await hashPassword(input.password);
  const user = await insertUser(deps.db, { email, password_hash, created_at: new Date().toISOString() }, (accounts) => {
    // Again, inside: the account that was to be the first may not be by now.
    if (accounts > 0) refuse(open, byAdmin, input.role);
    return accounts === 0 ? "admin" : byAdmin ? input.role ?? "user" : "user";
  });
  if (user === undefined) throw new SafebaseError("conflict", `an account with the email ${email} exists already`, { hint: "log in at POST /auth/login" });
  await recordAudit(deps.db, {
    actor: { user_id: caller?.user_id ?? user.id, email: caller?.email ?? user.email, ip }, action: "auth.register",
    object: { type: "user", id: user.id }, detail: { email, role: user.role },
  });
  // Who makes his own account is at home where he does so; whom an admin makes one for is not.
  if (caller === undefined) await notePlace(deps.db, user, from, deps.now().toISOString());
  return { user, token: await issueToken(deps.secrets, user) };
}

/** Refuses before the costly hash what will be refused anyway. */
async function refuseEarly(deps: Core, open: boolean, byAdmin: boolean, input: Registration, audit: (reason: string) => Promise<void>): Promise<void> {
  if (await countUsers(deps.db) === 0) return;
  try {
    refuse(open, byAdmin, input.role);
  } catch (error) {
    await audit(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

function refuse(open: boolean, byAdmin: boolean, role: Role | undefined): void {
  if (byAdmin) return;
  if (role !== undefined && role !== "user") throw new SafebaseError("forbidden", `nobody gives himself the role ${role}`, { hint: "ask an admin for the role" });
  if (!open) throw new SafebaseError("forbidden", "registration is closed", { hint: "ask an admin for an account" });
}
