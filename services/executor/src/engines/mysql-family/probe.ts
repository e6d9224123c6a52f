import type { Connection, ProbeReport } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { processList } from "./busy.ts";
import { findDumpClient } from "./dump-client.ts";
import { flavourWarnings } from "./flavour.ts";
import { readGrants } from "./grants.ts";
import { inspectTables } from "./inspect.ts";
import { preflightDump } from "./preflight.ts";
import { openSession, type Session } from "./session.ts";

/** Says who the server is, how large the database, and what would make a backup of it incomplete. */
export async function probe(connection: Connection, context: EngineContext): Promise<ProbeReport> {
  const started_ms = performance.now();
  await using session = await openSession(connection, { db_name: connection.db_name }, context.signal);
  const { client, warnings } = await findDumpClient(session, connection.db_name, context);
  const tables = await inspectTables(session, connection.db_name);
  const preflight = await preflightDump(session, client, connection.db_name, tables);
  return {
    server: session.server,
    server_version: session.version,
    size_bytes: tables.reduce((sum, table) => sum + table.data_bytes + table.index_bytes, 0),
    tables: tables.filter((table) => table.kind === "table").length,
    connections: await connectionsTo(session, connection.db_name),
    tls: session.tls,
    client: { name: client.program, version: client.version },
    warnings: [...flavourWarnings(connection.type, session), ...warnings, ...preflight],
    elapsed_ms: Math.round(performance.now() - started_ms),
  };
}

/** Without PROCESS the server shows a user his own sessions only: nobody knows of the others. */
async function connectionsTo(session: Session, db_name: string): Promise<number | null> {
  if (!(await readGrants(session)).globally("PROCESS")) return null;
  return (await processList(session)).filter((each) => each.db_name === db_name && each.id !== session.connection_id).length;
}
