import { findSetting } from "../catalog/settings.ts";
import { countUsers } from "../catalog/users.ts";
import type { Core } from "../jobs/deps.ts";

/** A setting of the installation: `closed`, or it is as the configuration says. */
export const REGISTRATION = "registration";

/** Who may make himself an account: `first` when nobody has one yet, and the next is the admin. */
export async function readRegistration(deps: Pick<Core, "db" | "config">): Promise<{ first: boolean; open: boolean }> {
  const first = await countUsers(deps.db) === 0;
  return { first, open: first || await registrationOpen(deps) };
}

/** What the configuration closes, no setting opens. */
export async function registrationOpen({ db, config }: Pick<Core, "db" | "config">): Promise<boolean> {
  return config.registration === "open" && await findSetting(db, REGISTRATION) !== "closed";
}
