import { mayOthers } from "../auth/rights.ts";
import type { Hearing } from "../catalog/scope.ts";
import type { Actor } from "../jobs/deps.ts";

/** Of whom somebody hears: what concerns the whole installation is for those who see to it, and not for viewers. */
export function hearingOf({ scope, role }: Pick<Actor, "scope" | "role">): Hearing {
  return scope === "all" && !mayOthers(role, "operate") ? "users" : scope;
}
