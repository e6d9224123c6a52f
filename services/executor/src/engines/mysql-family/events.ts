import type { Warning } from "@safebase/contracts";
import type { Client } from "../../clients/index.ts";
import type { Grants } from "./grants.ts";
import { listed } from "./listed.ts";
import type { Session } from "./session.ts";

/** Events are asked for only where the user may read them and the client can: the whole dump fails otherwise. */
export function mayDumpEvents(grants: Grants, client: Client, db_name: string): boolean {
  return grants.onDatabase("EVENT", db_name) && !stumblesOver(client, db_name);
}

/**
 * mariadb-dump (10.11 and 11.8 at least) escapes the database's name as for a string and then selects the database by
 * that: at the first event it ends with "Unknown database", exit 2. No option avoids it.
 */
function stumblesOver(client: Client, db_name: string): boolean {
  // eslint-disable-next-line no-control-regex
  return client.flavour === "mariadb" && /['"\\\n\r\u0000\u001a]/.test(db_name);
}

/** The events that are left out for it. */
export async function eventsLeftOut(session: Session, client: Client, db_name: string): Promise<Warning[]> {
  if (!stumblesOver(client, db_name)) return [];
  const rows = await session.rows("SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME", [db_name]);
  if (rows.length === 0) return [];
  return [{
    code: "events_left_out",
    message: `events are missing from the backup, since ${client.program} ${client.version} cannot read those of a database with a quote, backslash or line break in its name: ${listed(rows.map((row) => String(row["name"])))}`,
  }];
}

/**
 * Makes the events of a dump without waking them: a copy that ran beside the original would do its work twice. The dump
 * programs write an event's head in one line, with its state between these words; rows never begin a line.
 */
export const DISABLE_EVENTS: readonly string[] = [
  "-e", "/^\\/\\*!50106 CREATE\\*\\/ /s/\\( ON COMPLETION \\(NOT \\)\\{0,1\\}PRESERVE \\)ENABLE /\\1DISABLE /",
];
