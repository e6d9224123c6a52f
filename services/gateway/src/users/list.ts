import { SafebaseError } from "@safebase/contracts";
import { listAccounts, type Account } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** Every account. For admins. */
export async function listUsers(deps: Core, actor: Actor): Promise<Account[]> {
  requireAdmin(actor);
  return listAccounts(deps.db);
}

export function requireAdmin(actor: Actor): void {
  if (actor.role !== "admin") throw new SafebaseError("forbidden", "only an admin may do this");
}

export function missingUser(): SafebaseError {
  return new SafebaseError("not_found", "there is no such user");
}
