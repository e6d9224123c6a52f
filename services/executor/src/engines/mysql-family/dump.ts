import type { StageFailure } from "@safebase/artifact";
import { type Connection, SafebaseError } from "@safebase/contracts";
import type { DumpOptions, EngineContext, PreparedDump } from "../engine.ts";
import { dumpArgs, TRAILER } from "./args.ts";
import { isServerBusy } from "./busy.ts";
import { contentsAfter, countSmallTables } from "./counts.ts";
import { findDumpClient } from "./dump-client.ts";
import { mayDumpEvents } from "./events.ts";
import { explainDump } from "./explain.ts";
import { flavourWarnings } from "./flavour.ts";
import { readGrants } from "./grants.ts";
import { inspectTables } from "./inspect.ts";
import { writeOptionFile } from "./option-file.ts";
import { preflightDump } from "./preflight.ts";
import { openSession } from "./session.ts";
import { readSourceFacts } from "./source-facts.ts";

/**
 * Chooses the client and looks for what would make the dump incomplete. No session stays open meanwhile: a dump may
 * take longer than servers and firewalls keep an idle one.
 */
export async function prepareDump(connection: Connection, { format }: DumpOptions, context: EngineContext): Promise<PreparedDump> {
  if (format !== "sql") throw new SafebaseError("bad_request", `MySQL and MariaDB are backed up in the format sql, not ${format}`);
  const { db_name } = connection;
  await using session = await openSession(connection, { db_name }, context.signal);
  const { client, warnings } = await findDumpClient(session, db_name, context);
  const tables = await inspectTables(session, db_name);
  const preflight = await preflightDump(session, client, db_name, tables);
  const args = dumpArgs({ client, server: session, db_name, events: mayDumpEvents(await readGrants(session), client, db_name) });
  const option_file = await writeOptionFile(connection, client, session.tls, context.work_dir);
  const facts = await readSourceFacts(session, db_name);
  const counts = await countSmallTables(session, db_name, tables);
  const since_id = session.connection_id;
  return {
    server: session.server,
    server_version: session.version,
    // By whose it is: Debian's mysqldump is MariaDB's, and a restore must know.
    tool: { name: client.flavour === "mysql" ? "mysqldump" : "mariadb-dump", version: client.version, args },
    parts: [{ part: null, stages: [{ program: client.path, args: [option_file, ...args], buffer_output: true, raw_side: "written", failure_code: "dump_failed" }], trailer: TRAILER }],
    warnings: [...flavourWarnings(connection.type, session), ...warnings, ...preflight],
    facts,
    estimated_raw_bytes: () => tables.reduce((sum, table) => sum + table.data_bytes, 0),
    contents: () => contentsAfter(connection, counts, context.signal),
    explain: (failure: StageFailure) => explainDump(failure, connection),
    isBusy: () => isServerBusy(connection, since_id, context.signal),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
