import { databasesWithRetention } from "../catalog/retention.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { expireBackups } from "./expire.ts";

/**
 * Removes what no retention keeps, of every registered database. What was unregistered keeps its backups: nothing new
 * takes their place. May be repeated, and run by several gateways at once.
 */
export async function runRetention(core: Core, dispatcher: Dispatcher): Promise<void> {
  for (const id of await databasesWithRetention(core.db)) {
    try {
      if (await expireBackups(core, id) > 0) dispatcher.kick();
    } catch (err) {
      // One database must not keep the others from their turn; nothing is half done, and the next pass tries again.
      core.log.error({ err, database_id: id }, "the retention of a database did not come through");
    }
  }
}
