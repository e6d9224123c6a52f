import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { endAllOf } from "../auth/logout.ts";
import { mayOwn } from "../auth/rights.ts";
import { deleteLinksOf } from "../catalog/download-links.ts";
import type { Role, User } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findAccount, findUser, updateAccount, type Account } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missingUser, requireAdmin } from "./list.ts";

export interface UserUpdate { readonly id: number; readonly role?: Role | undefined; readonly disabled?: boolean | undefined }

/** Gives an account another role, or lets it in no more. For admins; one of them who gets in always remains. */
export async function updateUser(deps: Core, actor: Actor, { id, role, disabled }: UserUpdate): Promise<Account> {
  requireAdmin(actor);
  if (disabled === true && id === actor.user_id) throw new SafebaseError("conflict", "this is your own account", { hint: "another admin may disable it" });
  return deps.db.transaction().execute(async (tx) => {
    const before = await findUser(tx, id);
    if (before === undefined) throw missingUser();
    const disabled_at = disabled === undefined ? before.disabled_at : disabled ? before.disabled_at ?? deps.now().toISOString() : null;
    if (await updateAccount(tx, id, { role: role ?? before.role, disabled_at }) === "last_admin") {
      throw new SafebaseError("conflict", "the last admin stays an admin", { hint: "make somebody else an admin first" });
    }
    const after = await findAccount(tx, id);
    if (after === undefined) throw missingUser();
    if (after.role !== before.role) await tellRole(tx, actor, before, after);
    if ((after.disabled_at === null) !== (before.disabled_at === null)) await tellDisabled(tx, actor, after);
    return after;
  });
}

/** Its links go on with what the role may: those of somebody who may take no data out any more end. */
async function tellRole(tx: Db, actor: Actor, before: User, { id, email, role }: User): Promise<void> {
  if (!mayOwn(role, "manage")) await deleteLinksOf(tx, id);
  await recordAudit(tx, { actor, action: "user.role", object: { type: "user", id }, detail: { email, from: before.role, to: role } });
}

async function tellDisabled(tx: Db, actor: Actor, { id, email, disabled_at }: User): Promise<void> {
  const detail = disabled_at === null ? { email } : { email, links_revoked: await endAllOf(tx, id) };
  await recordAudit(tx, { actor, action: disabled_at === null ? "user.enable" : "user.disable", object: { type: "user", id }, detail });
}
