import type { Stage, StageFailure } from "@safebase/artifact";
import { type Connection, SafebaseError } from "@safebase/contracts";
import { type Client, chooseMysqlLoader, discoverClients } from "../../clients/index.ts";
import type { EngineContext, PreparedRestore, RestoreOptions } from "../engine.ts";
import { DROP_SANDBOX_LINE, loadArgs, needsSandboxFilter } from "./args.ts";
import { isServerBusy } from "./busy.ts";
import { explainLoad } from "./explain.ts";
import { flavourWarnings } from "./flavour.ts";
import { databaseExists } from "./inspect.ts";
import { dropMarker, type Marker, markLoaded, readMarker } from "./marker.ts";
import { quoteName } from "./names.ts";
import { writeOptionFile } from "./option-file.ts";
import { planRestore, type RestorePlan } from "./restore-preflight.ts";
import { openSession, type Session } from "./session.ts";
import { checkLoaded, emptyTarget, restorePacketLimit } from "./target.ts";

/** What a prepared restore remembers between its steps. */
interface Run {
  readonly connection: Connection;
  readonly options: RestoreOptions;
  readonly context: EngineContext;
  readonly plan: RestorePlan;
  readonly place: { db_name: string; tag: string };
  readonly since_id: number;
  /** Where the loader stands ready, and what it is given. */
  readonly stages: readonly Stage[];
  touched: boolean;
  packets_raised: boolean;
}

/**
 * A database of this family cannot be renamed, so a dump is loaded under the final name: a new database is ours by the
 * marker table in it, one that is there is emptied by `begin`, after the backup that the gateway has taken of it.
 */
export async function prepareRestore(connection: Connection, options: RestoreOptions, context: EngineContext): Promise<PreparedRestore> {
  await using session = await openSession(connection, { db_name: null }, context.signal);
  const place = { db_name: connection.db_name, tag: context.tag };
  const exists = await databaseExists(session, place.db_name);
  const marker = exists ? await readMarker(session, place) : undefined;
  if (exists && options.must_be_new && marker?.created_by_us !== true) throw taken(connection);
  const { client, warnings } = chooseMysqlLoader(await discoverClients(context.client_dirs), session);
  const replaces = exists && marker?.created_by_us !== true;
  const plan = await planRestore(session, connection, options.manifest, replaces);
  const stages = await loadStages(session, client, plan, { connection, options, context });
  const run: Run = {
    connection, options, context, plan, place, since_id: session.connection_id, stages, touched: false, packets_raised: false,
  };
  return prepared(run, marker, replaces, [...flavourWarnings(connection.type, session), ...warnings, ...plan.warnings]);
}

function prepared(run: Run, marker: Marker | undefined, replaces: boolean, warnings: PreparedRestore["warnings"]): PreparedRestore {
  const { connection, context, place } = run;
  const withSession = async <T>(use: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    await using session = await openSession(connection, { db_name: null }, signal);
    return use(session);
  };
  return {
    replaces, warnings,
    already_loaded: marker?.state === "loaded",
    begin: () => withSession((session) => begin(session, run), context.signal),
    stages: () => run.stages,
    explain: (failure: StageFailure) => explainLoad(failure, connection),
    isBusy: () => isServerBusy(connection, run.since_id, context.signal),
    commit: () => withSession((session) => commit(session, run), context.signal),
    // The steps that tidy up must work when the job was canceled: without its signal.
    finish: () => withSession((session) => dropMarker(session, place)),
    rollback: () => withSession((session) => rollback(session, run)),
    [Symbol.asyncDispose]: () => lowerPackets(run),
  };
}

async function loadStages(session: Session, client: Client, plan: RestorePlan, { connection, options, context }: Pick<Run, "connection" | "options" | "context">): Promise<Stage[]> {
  const option_file = await writeOptionFile(connection, client, session.tls, context.work_dir);
  const args = loadArgs({ client, db_name: connection.db_name, init_command: plan.init_command });
  const loader: Stage = { program: client.path, args: [option_file, ...args], raw_side: "read", failure_code: "restore_failed" };
  if (!needsSandboxFilter(options.manifest.tool.name, client)) return [loader];
  return [{ program: "sed", args: DROP_SANDBOX_LINE, package: "sed", failure_code: "restore_failed" }, loader];
}

async function begin(session: Session, run: Run): Promise<void> {
  const { options, plan, place, connection } = run;
  const exists = await databaseExists(session, place.db_name);
  const marker = exists ? await readMarker(session, place) : undefined;
  if (exists && options.must_be_new && marker?.created_by_us !== true) throw taken(connection);
  if (plan.raise_packets_from !== undefined) {
    await session.rows("SET GLOBAL max_allowed_packet = 1073741824");
    run.packets_raised = true;
  }
  run.touched = true;
  const created_by_us = !exists || marker?.created_by_us === true;
  await emptyTarget(session, place, { exists, created_by_us, collation: options.manifest.contents.default_collation });
}

async function commit(session: Session, run: Run): Promise<void> {
  await checkLoaded(session, run.place.db_name, run.options.manifest.contents);
  await markLoaded(session, run.place);
}

/** True when the target is as it was: untouched, or new and gone again. */
async function rollback(session: Session, run: Run): Promise<boolean> {
  await lowerPackets(run);
  if (!run.touched) return true;
  return removeOurs(session, run.place);
}

/** Drops a database that the marker shows to be ours, else the marker alone. True when nothing of the run is left. */
async function removeOurs(session: Session, place: Run["place"]): Promise<boolean> {
  if (!await databaseExists(session, place.db_name)) return true;
  const marker = await readMarker(session, place);
  if (marker?.created_by_us === true) {
    await session.rows(`DROP DATABASE ${quoteName(place.db_name)}`);
    return true;
  }
  await dropMarker(session, place);
  return false;
}

async function lowerPackets(run: Run): Promise<void> {
  if (!run.packets_raised || run.plan.raise_packets_from === undefined) return;
  await restorePacketLimit(run.connection, run.plan.raise_packets_from);
  run.packets_raised = false;
}

/** Removes what an interrupted restore with this tag left: a half-loaded new database, or only the marker. */
export async function cleanUp(connection: Connection, context: EngineContext): Promise<void> {
  await using session = await openSession(connection, { db_name: null });
  const place = { db_name: connection.db_name, tag: context.tag };
  if (!await databaseExists(session, place.db_name)) return;
  const marker = await readMarker(session, place);
  if (marker?.state === "loading") await removeOurs(session, place);
  else await dropMarker(session, place);
}

function taken({ db_name, host, port }: Connection): SafebaseError {
  return new SafebaseError("conflict", `there is already a database ${db_name} on ${host}:${port}`, { hint: "Choose another name, or restore into that database." });
}
