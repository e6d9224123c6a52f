import { mayOthers } from "../auth/rights.ts";
import type { Seen } from "../catalog/notifications.ts";
import type { Actor } from "../jobs/deps.ts";
import { hearingOf } from "../notices/hearing.ts";

/** What somebody may see of what channels were told. */
export function seenBy({ scope, role, user_id }: Pick<Actor, "scope" | "role" | "user_id">): Seen {
  return { channels: scope, notices: mayOthers(role, "read") ? hearingOf({ scope: "all", role }) : { user_id } };
}
