import type { Role } from "../catalog/schema.ts";

/** To see; to start, cancel, restore and keep; to change what is set up, and to get data out; to run the installation. Each holds those before it. */
export const RIGHTS = ["read", "operate", "manage", "administer"] as const;
export type Right = (typeof RIGHTS)[number];

/** What a route asks for. `self`: what is about oneself, which everybody may, and an admin for others; `public`: nothing. */
export type RouteRight = Right | "self" | "public";

/** What a role may do with its own things, and with those of others; null: nothing. docs/roles.md says it in words. */
const ROLE_RIGHTS: Record<Role, { readonly own: Right; readonly others: Right | null }> = {
  admin: { own: "administer", others: "administer" },
  operator: { own: "manage", others: "operate" },
  user: { own: "manage", others: null },
  viewer: { own: "read", others: "read" },
};

export interface Rights { readonly own: readonly Right[]; readonly others: readonly Right[] }

/** All that a role may, and with an API token no more than it was given. */
export function rightsOf(role: Role, most: Right = "administer"): Rights {
  const { own, others } = ROLE_RIGHTS[role];
  return { own: upTo(own, most), others: upTo(others, most) };
}

function upTo(right: Right | null, most: Right): Right[] {
  return right === null ? [] : RIGHTS.slice(0, Math.min(RIGHTS.indexOf(right), RIGHTS.indexOf(most)) + 1);
}

/** Whether a role may do this with what is its own. */
export function mayOwn(role: Role, right: Right): boolean {
  return rightsOf(role).own.includes(right);
}

/** Whether a role may do this with what belongs to others. */
export function mayOthers(role: Role, right: Right): boolean {
  return rightsOf(role).others.includes(right);
}
