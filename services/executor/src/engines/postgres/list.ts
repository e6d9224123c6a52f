import { SCRATCH_PREFIX, type Connection, type ListedDatabase, type ServerReport } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";
import { tryToOpen } from "./maintenance.ts";
import { isRestoreName } from "./names.ts";

/** Those of the server itself, and of who hosts it (RDS, Azure, Cloud SQL). */
const SYSTEM = new Set(["postgres", "template0", "template1", "rdsadmin", "azure_maintenance", "azure_sys", "cloudsqladmin"]);

interface Row { readonly name: string; readonly oid: string; readonly can_connect: boolean; readonly [column: string]: unknown }

/** Every database, those too that this user may not enter. */
export async function listDatabases(connection: Connection, { sizes }: { readonly sizes: boolean }, context: Pick<EngineContext, "tag" | "signal">): Promise<ServerReport> {
  await using session = await openSomewhere(connection, context);
  const rows = await session.query<Row>(
    `SELECT datname AS name, oid::text, coalesce(datallowconn AND datconnlimit <> -2 AND has_database_privilege(oid, 'CONNECT'), false) AS can_connect
     FROM pg_database ORDER BY datname COLLATE "C"`);
  const databases: ListedDatabase[] = [];
  for (const { name, oid, can_connect } of rows) {
    databases.push({ name, can_connect, standing: standingOf(name), size_bytes: sizes && can_connect ? await sizeOf(session, oid) : null });
  }
  return { server: session.server.name, server_version: session.server.version, databases };
}

function standingOf(name: string): ListedDatabase["standing"] {
  if (name.startsWith(SCRATCH_PREFIX) || isRestoreName(name)) return "safebase";
  return SYSTEM.has(name) ? "system" : "user";
}

/** Not at once in template1: while a session is in there, nobody can make a database. */
async function openSomewhere(connection: Connection, context: Pick<EngineContext, "tag" | "signal">): Promise<Session> {
  return await tryToOpen(connection, context, "unreachable", "postgres") ?? await tryToOpen(connection, context, "unreachable", connection.username)
    ?? await openSession(connection, context, { db_name: "template1", failed: "unreachable" });
}

/** Null for one that was dropped meanwhile. */
async function sizeOf(session: Session, oid: string): Promise<number | null> {
  try {
    const [row] = await session.query<{ size_bytes: string | null }>("SELECT pg_database_size($1::oid) AS size_bytes", [oid]);
    return row === undefined || row.size_bytes === null ? null : Number(row.size_bytes);
  } catch (error) {
    if ((await session.query("SELECT FROM pg_database WHERE oid = $1::oid", [oid])).length > 0) throw error;
    return null;
  }
}
