import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import * as catalog from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missingUser, requireAdmin } from "./list.ts";

/** Deletes an account that owns nothing. For admins. Its tokens end with it. */
export async function deleteUser(deps: Core, actor: Actor, input: { readonly id: number }): Promise<void> {
  requireAdmin(actor);
  const user = await catalog.findUser(deps.db, input.id);
  const change = await catalog.deleteUser(deps.db, input.id);
  if (user === undefined || change === "missing") throw missingUser();
  if (change === "last_admin") throw new SafebaseError("conflict", "the last admin cannot be deleted", { hint: "make somebody else an admin first" });
  if (change === "owns_data") {
    throw new SafebaseError("conflict", `${user.email} still owns databases, servers, backups, schedules or storages, or a key that a storage or backups of others need, or has jobs that are not over`, { hint: "delete them first, with scope=all" });
  }
  await recordAudit(deps.db, { actor, action: "user.delete", object: { type: "user", id: user.id }, detail: { email: user.email } });
}
