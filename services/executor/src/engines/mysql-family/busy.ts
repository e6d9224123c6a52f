import type { Connection } from "@safebase/contracts";
import { openSession } from "./session.ts";

/** States in which the server waits for us or for others, not at work. */
const WAITING = /^(writing to net|sending to client|reading from net|waiting for .*lock|user lock)/i;

/**
 * Is the server at work for a client of ours? Clients cannot be marked, so any query of this user in this database
 * counts that came after `since_id`, the connection of ours that was there before the client started.
 */
export async function isServerBusy(connection: Connection, since_id: number, signal: AbortSignal): Promise<boolean> {
  await using session = await openSession(connection, { db_name: null }, signal);
  const rows = await session.rows(
    `SELECT STATE AS state FROM information_schema.PROCESSLIST
     WHERE DB = ? AND USER = ? AND ID > ? AND ID <> CONNECTION_ID() AND COMMAND NOT IN ('Sleep', 'Daemon')`,
    [connection.db_name, connection.username, since_id]);
  return rows.some((row) => !WAITING.test(String(row["state"] ?? "")));
}
