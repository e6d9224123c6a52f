import type { Connection } from "@safebase/contracts";
import { openSession, type Session } from "./session.ts";

/** States in which the server waits for us or for others, not at work. */
const WAITING = /^(writing to net|sending to client|reading from net|waiting for .*lock|user lock)/i;

/**
 * Is the server at work for a client of ours? Clients cannot be marked, so any query of this user in this database
 * counts that came after `since_id`, the connection of ours that was there before the client started.
 */
export async function isServerBusy(connection: Connection, since_id: number, signal: AbortSignal): Promise<boolean> {
  await using session = await openSession(connection, { db_name: null }, signal);
  const processes = await processList(session);
  return processes.some(({ id, user, db_name, command, state }) => db_name === connection.db_name && user === connection.username
    && id > since_id && id !== session.connection_id && command !== "Sleep" && !WAITING.test(state));
}

interface ServerProcess { readonly id: number; readonly user: string; readonly db_name: string | null; readonly command: string; readonly state: string }

/**
 * The server's sessions, those of others only with the right PROCESS. Not from information_schema: MySQL's fails there
 * when some session runs a statement with 4-byte characters, whatever columns one asks for.
 */
export async function processList(session: Session): Promise<ServerProcess[]> {
  const rows = await session.rows<Record<string, string | null>>("SHOW PROCESSLIST");
  return rows.map((row) => ({
    id: Number(row["Id"]), user: String(row["User"]), db_name: row["db"] ?? null, command: String(row["Command"]), state: row["State"] ?? "",
  }));
}
