import type { Seen } from "../catalog/notifications.ts";
import type { Actor } from "../jobs/deps.ts";

/** What somebody may see of what channels were told. */
export function seenBy({ scope, role, user_id }: Pick<Actor, "scope" | "role" | "user_id">): Seen {
  return { channels: scope, notices: role === "admin" ? "all" : { user_id } };
}
