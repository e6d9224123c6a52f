import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import type { Role, User } from "../catalog/schema.ts";
import { findUser, updateRole } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireAdmin } from "./list.ts";

/** Gives an account another role. For admins; one of them always remains. */
export async function changeRole(deps: Core, actor: Actor, input: { readonly id: number; readonly role: Role }): Promise<User> {
  requireAdmin(actor);
  const before = await findUser(deps.db, input.id);
  const change = await updateRole(deps.db, input.id, input.role);
  if (change === "last_admin") throw new SafebaseError("conflict", "the last admin stays an admin", { hint: "make somebody else an admin first" });
  const user = await findUser(deps.db, input.id);
  if (change === "missing" || user === undefined) throw new SafebaseError("not_found", "there is no such user");
  await recordAudit(deps.db, { actor, action: "user.role", object: { type: "user", id: user.id }, detail: { email: user.email, from: before?.role, to: user.role } });
  return user;
}
