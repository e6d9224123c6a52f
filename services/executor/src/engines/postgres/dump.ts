import { availableParallelism } from "node:os";
import type { Connection, Contents, Format, Warning } from "@safebase/contracts";
import type { PartSource } from "@safebase/artifact";
import { type Client, choosePgDump, discoverClients } from "../../clients/index.ts";
import type { DumpOptions, EngineContext, PreparedDump } from "../engine.ts";
import { dumpArgs, exceptArgs, GLOBALS_TRAILER, onlyArgs, sectionArgs, TRAILER, toolEnvironment } from "./args.ts";
import { balance } from "./balance.ts";
import { isServerBusy } from "./busy.ts";
import { openSession, type Session } from "./connect.ts";
import type { TableFacts } from "./count.ts";
import { explainStageFailure } from "./errors.ts";
import { prepareGlobals } from "./globals.ts";
import { DUMPED, inspectReadability, refuseBlocked } from "./inspect.ts";
import { readSourceFacts, type SourceFacts } from "./source-facts.ts";
import { openSnapshot, type Listing, type Snapshot } from "./snapshot.ts";

/** More at once than this gains nothing by itself: it must be asked for. */
const AUTO_PARTS_MAX = 4;

/** Chooses the client, refuses what could not be dumped completely, and freezes the state to dump. */
export async function prepareDump(connection: Connection, options: DumpOptions, context: EngineContext): Promise<PreparedDump> {
  await using stack = new AsyncDisposableStack();
  const session = stack.use(await openSession(connection, context, { failed: "dump_failed" }));
  const { client, server, warnings, facts, globals, jobs } = await preflight(session, connection, options, context);
  const args = dumpArgs(options.format);
  const env = await toolEnvironment(connection, connection.db_name, context);
  const snapshot = stack.use(await openSnapshot(session, { locked: jobs > 1 }));
  const sources = await dumpSources({ client, env, format: options.format, snapshot }, facts, jobs, globals !== undefined);
  const held = stack.move();
  return {
    server: server.name,
    server_version: server.version,
    tool: { name: client.program, version: client.version, args },
    parts: [...sources, ...(globals === undefined ? [] : [globals])],
    warnings: snapshot.id === null ? [...warnings, NO_SNAPSHOT] : warnings,
    facts,
    estimated_raw_bytes: () => snapshot.size_bytes(),
    contents: async () => inexactWithout(snapshot, await snapshot.contents()),
    explain: (failure) => explainStageFailure(failure, connection, "dump_failed"),
    isBusy: () => isServerBusy(connection, context),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const NO_SNAPSHOT = { code: "no_snapshot", message: "the server exports no snapshot: row counts were taken beside the dump and are not exact" };

async function preflight(session: Session, connection: Connection, options: DumpOptions, context: EngineContext) {
  const clients = await discoverClients(context.client_dirs);
  const client = choosePgDump(clients, session.server.version, session.server.major);
  const warnings: Warning[] = refuseBlocked(await inspectReadability(session));
  const found = options.globals === true ? await prepareGlobals(session, connection, clients, context) : undefined;
  if (found !== undefined && "code" in found) warnings.push(found);
  const globals: PartSource | undefined = found === undefined || "code" in found ? undefined
    : { part: { name: "globals", role: "globals" }, stages: [found], trailer: GLOBALS_TRAILER };
  const jobs = await countJobs(session, options);
  const fits = jobs === 1 || await hasRoomForLocks(session);
  if (!fits && typeof options.jobs === "number") warnings.push(IN_ONE_PART);
  return { client, server: session.server, warnings, facts: await readSourceFacts(session), globals, jobs: fits ? jobs : 1 };
}

const IN_ONE_PART = { code: "in_one_part", message: "the database has so many tables that dumps of several parts would need more locks than the server has room for (max_locks_per_transaction): it was dumped in one part" };

/** SQL is one script: only archives come in parts. */
async function countJobs(session: Session, { format, jobs = 1 }: DumpOptions): Promise<number> {
  if (format !== "custom") return 1;
  if (typeof jobs === "number") return jobs;
  const [row] = await session.query<{ size_bytes: string }>("SELECT pg_database_size(current_database()) AS size_bytes");
  return Number(row?.size_bytes) >= jobs.auto_from_bytes ? Math.min(AUTO_PARTS_MAX, availableParallelism()) : 1;
}

/**
 * Our own session and three pg_dump lock every table: for each lock that the server has room for it has room for two
 * holders, and half of that is left to others.
 */
async function hasRoomForLocks(session: Session): Promise<boolean> {
  const [row] = await session.query<{ locks: string; room: string }>(
    `SELECT 4 * count(*) AS locks, current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint) AS room
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND ${DUMPED}`);
  return Number(row?.locks) <= Number(row?.room);
}

/** pg_dump reads names in the database's encoding, and we write them in UTF-8. */
function nameable(tables: readonly TableFacts[], { encoding }: SourceFacts): TableFacts[] {
  // eslint-disable-next-line no-control-regex -- all of ASCII is meant
  return tables.filter((table) => encoding === "UTF8" || /^[\x00-\x7f]*$/.test(table.schema_name + table.table_name));
}

interface Source { readonly client: Client; readonly env: Record<string, string>; readonly format: Format; readonly snapshot: Snapshot }

/** One part with all of it, or several of the same snapshot. */
async function dumpSources(source: Source, facts: SourceFacts, jobs: number, beside: boolean): Promise<PartSource[]> {
  const { snapshot, format } = source;
  const named = jobs > 1 && snapshot.id !== null ? spread(await snapshot.listing, facts, jobs) : [];
  if (named.length === 0) {
    return [{ part: beside ? { name: "all", role: "all" } : null, stages: [dumpStage(source, [])], trailer: format === "sql" ? TRAILER : null }];
  }
  const data = [...named.map(onlyArgs), exceptArgs(named.flat())];
  return [
    section(source, "pre-data"),
    ...data.map((args, index) => ({ ...section(source, "data", args), part: { name: `data-${index + 1}`, role: "data" as const } })),
    section(source, "post-data"),
  ];
}

/** The tables that each of the parts but the last names. */
function spread({ tables, size_bytes }: Listing, facts: SourceFacts, jobs: number): TableFacts[][] {
  const named = nameable(tables, facts);
  return balance(named, size_bytes - named.reduce((sum, table) => sum + table.size_bytes, 0), jobs);
}

function section(source: Source, role: "pre-data" | "data" | "post-data", args: readonly string[] = []): PartSource {
  return { part: { name: role, role }, stages: [dumpStage(source, [...sectionArgs(role), ...args])], trailer: null };
}

function dumpStage({ client, env, format, snapshot }: Source, args: readonly string[]): PartSource["stages"][number] {
  const snapshotArgs = snapshot.id === null ? [] : [`--snapshot=${snapshot.id}`];
  return { program: client.path, args: [...dumpArgs(format), ...args, ...snapshotArgs], env, buffer_output: true, failure_code: "dump_failed" };
}

function inexactWithout(snapshot: Snapshot, contents: Contents): Contents {
  return snapshot.id !== null ? contents : { tables: contents.tables.map((table) => ({ ...table, exact: false })) };
}
