import type { Me } from "../../api/types.ts";
import { session } from "./session.ts";

/** What a route asks for: to see; to start, cancel and restore; to change what is set up; to run the installation. */
export type Right = Me["rights"]["own"][number];

/** Whether who is logged in may do it, to what belongs to `owner_id` (his own where none is said). The gateway decides; this only spares him a refusal. */
export function may(right: Right, owner_id?: number | null): boolean {
  const now = session();
  if (now.state !== "in") return false;
  return now.rights[owner_id === undefined || owner_id === now.user.id ? "own" : "others"].includes(right);
}

/** Whether he may look at what belongs to others. */
export function seesAll(): boolean {
  const now = session();
  return now.state === "in" && now.rights.others.includes("read");
}
