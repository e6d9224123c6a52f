import { SafebaseError } from "@safebase/contracts";
import type { User } from "../catalog/schema.ts";
import * as catalog from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** Every account. For admins. */
export async function listUsers(deps: Core, actor: Actor): Promise<User[]> {
  requireAdmin(actor);
  return catalog.listUsers(deps.db);
}

export function requireAdmin(actor: Actor): void {
  if (actor.role !== "admin") throw new SafebaseError("forbidden", "only an admin may do this");
}
