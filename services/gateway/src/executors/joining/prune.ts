import { pruneJoinTokens } from "../../catalog/join-tokens.ts";
import type { Core } from "../../jobs/deps.ts";
import { everyHour } from "../../jobs/hourly.ts";

/** Who has joined by which token is shown for so long; the audit log keeps it. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** Forgets join tokens that expired long ago, at the start and every hour, until disposal. */
export function keepJoinTokensPruned(core: Pick<Core, "db" | "now" | "log">): AsyncDisposable {
  return everyHour(core, "expired join tokens could not be removed, it is tried again", () => pruneJoinTokens(core.db, new Date(core.now().getTime() - KEPT_MS).toISOString()));
}
