import type { Connection, Contents, Format } from "@safebase/contracts";
import type { Stage } from "@safebase/artifact";
import { type Client, choosePgDump, discoverClients } from "../../clients/index.ts";
import type { EngineContext, PreparedDump } from "../engine.ts";
import { dumpArgs, TRAILER, toolEnvironment } from "./args.ts";
import { isServerBusy } from "./busy.ts";
import { openSession } from "./connect.ts";
import { explainStageFailure } from "./errors.ts";
import { inspectReadability, refuseBlocked } from "./inspect.ts";
import { readSourceFacts } from "./source-facts.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";

/** Chooses the client, refuses what could not be dumped completely, and freezes the state to dump. */
export async function prepareDump(connection: Connection, options: { format: Format }, context: EngineContext): Promise<PreparedDump> {
  const { client, server, warnings, facts } = await preflight(connection, context);
  const args = dumpArgs(options.format);
  const env = await toolEnvironment(connection, connection.db_name, context);
  const snapshot = await openSnapshot(connection, context);
  return {
    server: server.name,
    server_version: server.version,
    tool: { name: client.program, version: client.version, args },
    stage: dumpStage(client, args, env, snapshot),
    trailer: options.format === "sql" ? TRAILER : null,
    warnings: snapshot.id === null ? [...warnings, NO_SNAPSHOT] : warnings,
    facts,
    estimated_raw_bytes: snapshot.tables.reduce((sum, table) => sum + table.size_bytes, 0),
    contents: async () => inexactWithout(snapshot, await snapshot.contents()),
    explain: (failure) => explainStageFailure(failure, connection, "dump_failed"),
    isBusy: () => isServerBusy(connection, context),
    [Symbol.asyncDispose]: () => snapshot[Symbol.asyncDispose](),
  };
}

const NO_SNAPSHOT = { code: "no_snapshot", message: "the server exports no snapshot: row counts were taken beside the dump and are not exact" };

async function preflight(connection: Connection, context: EngineContext) {
  await using session = await openSession(connection, context, { failed: "dump_failed" });
  const client = choosePgDump(await discoverClients(context.client_dirs), session.server.version, session.server.major);
  return { client, server: session.server, warnings: refuseBlocked(await inspectReadability(session)), facts: await readSourceFacts(session) };
}

function dumpStage(client: Client, args: readonly string[], env: Record<string, string>, snapshot: Snapshot): Stage {
  const snapshotArgs = snapshot.id === null ? [] : [`--snapshot=${snapshot.id}`];
  return { program: client.path, args: [...args, ...snapshotArgs], env, buffer_output: true, failure_code: "dump_failed" };
}

function inexactWithout(snapshot: Snapshot, contents: Contents): Contents {
  return snapshot.id !== null ? contents : { tables: contents.tables.map((table) => ({ ...table, exact: false })) };
}
