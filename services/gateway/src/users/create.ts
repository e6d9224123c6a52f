import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import type { Role } from "../catalog/schema.ts";
import { findAccount, insertUser, type Account } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { givePassword } from "./given-password.ts";
import { missingUser, requireAdmin } from "./list.ts";

/** Makes an account for somebody else, and the password that he gets in with first. For admins. It is answered here and never again. */
export async function createUser(deps: Core, actor: Actor, input: { readonly email: string; readonly role: Role }): Promise<{ account: Account; password: string }> {
  requireAdmin(actor);
  const email = input.email.toLowerCase();
  const { password, password_hash, expires_at } = await givePassword(deps);
  const user = await insertUser(deps.db, { email, password_hash, created_at: deps.now().toISOString(), password_expires_at: expires_at }, () => input.role);
  if (user === undefined) throw new SafebaseError("conflict", `email: an account with the email ${email} exists already`);
  await recordAudit(deps.db, { actor, action: "user.create", object: { type: "user", id: user.id }, detail: { email, role: user.role } });
  const account = await findAccount(deps.db, user.id);
  if (account === undefined) throw missingUser();
  return { account, password };
}
