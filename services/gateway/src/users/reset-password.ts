import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { endAllOf } from "../auth/logout.ts";
import { findAccount, setPassword, type Account } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { givePassword } from "./given-password.ts";
import { missingUser, requireAdmin } from "./list.ts";

/** Gives an account another password, to be changed at the next login, and ends its sessions and download links. For admins, and not for their own. */
export async function resetPassword(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<{ account: Account; password: string }> {
  requireAdmin(actor);
  if (id === actor.user_id) throw new SafebaseError("conflict", "this is your own account", { hint: "change your password: POST /auth/password" });
  const { password, password_hash, expires_at } = await givePassword(deps);
  const account = await deps.db.transaction().execute(async (tx) => {
    await setPassword(tx, id, password_hash, expires_at);
    const found = await findAccount(tx, id);
    if (found === undefined) throw missingUser();
    const links_revoked = await endAllOf(tx, id);
    await recordAudit(tx, { actor, action: "user.password", object: { type: "user", id }, detail: { email: found.email, links_revoked } });
    return found;
  });
  return { account, password };
}
