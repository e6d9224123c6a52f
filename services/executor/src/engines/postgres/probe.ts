import type { Connection, ProbeReport } from "@safebase/contracts";
import { choosePgDump, discoverClients } from "../../clients/index.ts";
import type { EngineContext } from "../engine.ts";
import { openSession } from "./connect.ts";
import { asWarnings, DUMPED, inspectReadability } from "./inspect.ts";

/** What the server is, and what would make a backup of it incomplete. Tables are counted as in a backup: what a partitioned one holds is in its partitions. */
export async function probe(connection: Connection, context: EngineContext): Promise<ProbeReport> {
  const started_ms = performance.now();
  await using session = await openSession(connection, context, { failed: "unreachable" });
  const client = choosePgDump(await discoverClients(context.client_dirs), session.server.version, session.server.major);
  const [row] = await session.query<{ size_bytes: string; tables: number; connections: number }>(
    `SELECT pg_database_size(current_database()) AS size_bytes,
       (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND usesysid IS NOT NULL AND pid <> pg_backend_pid()) AS connections, (SELECT count(*)::int FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND ${DUMPED}) AS tables`);
  return {
    server: session.server.name,
    server_version: session.server.version,
    size_bytes: Number(row?.size_bytes ?? 0),
    tables: row?.tables ?? 0,
    connections: row?.connections ?? null,
    tls: session.tls,
    client: { name: client.program, version: client.version },
    warnings: asWarnings(await inspectReadability(session)),
    elapsed_ms: Math.round(performance.now() - started_ms),
  };
}
