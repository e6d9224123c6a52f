import { type Connection, type ErrorCode, SafebaseError } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";

/** A run's context for what must still happen after the run was aborted: roll back, tidy up. */
export function unabortable(context: EngineContext): EngineContext {
  return { ...context, signal: new AbortController().signal };
}

/**
 * A session for statements about databases, in another database than the target, since a session keeps its own from
 * being renamed: `postgres`, else `template1`, else any that lets the user in.
 */
export async function openMaintenance(connection: Connection, context: EngineContext, failed: ErrorCode): Promise<Session> {
  for (const db_name of ["postgres", "template1"]) {
    if (db_name === connection.db_name) continue;
    const session = await tryToOpen(connection, context, failed, db_name);
    if (session !== undefined) return session;
  }
  for (const db_name of await otherDatabases(connection, context, failed)) {
    const session = await tryToOpen(connection, context, failed, db_name);
    if (session !== undefined) return session;
  }
  throw new SafebaseError("insufficient_privileges", `user "${connection.username}" may connect to no other database than "${connection.db_name}" at ${connection.host}:${connection.port}, and a database cannot be replaced from within`, {
    hint: "GRANT CONNECT ON DATABASE postgres",
  });
}

/** Undefined where this user may not enter that database, or there is none. */
export async function tryToOpen(connection: Connection, context: Pick<EngineContext, "tag" | "signal">, failed: ErrorCode, db_name: string): Promise<Session | undefined> {
  try {
    return await openSession(connection, context, { failed, db_name });
  } catch (error) {
    if (!(error instanceof SafebaseError) || !isAboutDatabase(error)) throw error;
    return undefined;
  }
}

/** pg_hba.conf may let the user into some databases only. */
function isAboutDatabase(error: SafebaseError): boolean {
  return ["database_missing", "insufficient_privileges", "target_busy"].includes(error.code) || error.message.includes("pg_hba.conf");
}

async function otherDatabases(connection: Connection, context: EngineContext, failed: ErrorCode): Promise<string[]> {
  await using session = await openSession(connection, context, { failed });
  const rows = await session.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datallowconn AND datname <> $1
       AND has_database_privilege(oid, 'CONNECT') ORDER BY 1`, [connection.db_name]);
  return rows.map((row) => row.name);
}
