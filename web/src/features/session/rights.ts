import { session } from "./session.ts";

/** What a route asks for: to see; to start, cancel and restore; to change what is set up; to run the installation. */
export type Right = "read" | "operate" | "manage" | "administer";

type Role = "admin" | "operator" | "user" | "viewer";

const OWN: Record<Role, readonly Right[]> = { admin: ["read", "operate", "manage", "administer"], operator: ["read", "operate", "manage"], user: ["read", "operate", "manage"], viewer: ["read"] };
const OTHERS: Record<Role, readonly Right[]> = { admin: ["read", "operate", "manage", "administer"], operator: ["read", "operate"], user: [], viewer: ["read"] };

/** Whether who is logged in may do it, to what belongs to `owner_id` (his own where none is said). The gateway decides; this only spares him a refusal. */
export function may(right: Right, owner_id?: number | null): boolean {
  const now = session();
  if (now.state !== "in") return false;
  const { id, role } = now.user;
  return (owner_id === undefined || owner_id === id ? OWN : OTHERS)[role].includes(right);
}

/** Whether he may look at what belongs to others. */
export function seesAll(): boolean {
  const now = session();
  return now.state === "in" && OTHERS[now.user.role].includes("read");
}
