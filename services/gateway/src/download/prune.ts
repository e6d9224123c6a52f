import { pruneLinks } from "../catalog/download-links.ts";
import type { Core } from "../jobs/deps.ts";
import { everyHour } from "../jobs/hourly.ts";

/** Forgets download links that have expired, at the start and every hour, until disposal. Their tokens say so themselves. */
export function keepLinksPruned(core: Pick<Core, "db" | "now" | "log">): AsyncDisposable {
  return everyHour(core, "expired download links could not be removed, it is tried again", () => pruneLinks(core.db, core.now().toISOString()));
}
