import type { Connection } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession } from "./connect.ts";

/**
 * Is the server computing for the tools of this run (an index, a sort)? A session that waits for a lock, or for us
 * to read or write, is not at work.
 */
export async function isServerBusy(connection: Connection, context: EngineContext): Promise<boolean> {
  await using session = await openSession(connection, context, { failed: "unreachable" });
  const rows = await session.query(
    `SELECT FROM pg_stat_activity WHERE application_name = $1 AND usename = current_user AND state = 'active'
       AND wait_event_type IS DISTINCT FROM 'Lock' AND wait_event_type IS DISTINCT FROM 'Client' LIMIT 1`, [context.tag]);
  return rows.length > 0;
}
