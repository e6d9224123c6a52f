import { countUsers } from "../catalog/users.ts";
import type { Core } from "../jobs/deps.ts";

/** Who may make himself an account: `first` when nobody has one yet, and the next is the admin. */
export async function readRegistration(deps: Pick<Core, "db" | "config">): Promise<{ first: boolean; open: boolean }> {
  const first = await countUsers(deps.db) === 0;
  return { first, open: first || deps.config.registration === "open" };
}
