import type { Stage, StageFailure } from "@safebase/artifact";
import { type Connection, type Contents, SafebaseError } from "@safebase/contracts";
import { type Client, chooseMysqlLoader, discoverClients } from "../../clients/index.ts";
import type { EngineContext, PreparedRestore, RestoreOptions, TargetState } from "../engine.ts";
import { DROP_SANDBOX_LINE, loadArgs, needsSandboxFilter } from "./args.ts";
import { isServerBusy } from "./busy.ts";
import { renameCollationSwitches } from "./collation-filter.ts";
import { DISABLE_EVENTS } from "./events.ts";
import { explainLoad } from "./explain.ts";
import { flavourWarnings } from "./flavour.ts";
import { databaseExists } from "./inspect.ts";
import { dropMarker, type Marker, type MarkerPlace, readMarker, writeMarker } from "./marker.ts";
import { quoteName } from "./names.ts";
import { createDatabase, dropComment, isOursUnmarked } from "./new-database.ts";
import { writeOptionFile } from "./option-file.ts";
import { lowerPackets, raisePackets } from "./packets.ts";
import { planRestore, type RestorePlan } from "./restore-preflight.ts";
import { openSession, type Session } from "./session.ts";
import { checkLoaded, countLoaded, emptyDatabase, setCollation } from "./target.ts";

/** What a prepared restore remembers between its steps. */
interface Run {
  readonly connection: Connection;
  readonly options: RestoreOptions;
  readonly context: EngineContext;
  readonly plan: RestorePlan;
  readonly place: MarkerPlace;
  readonly since_id: number;
  readonly stages: readonly Stage[];
  /** Loads into a database of its own making, and into no other. */
  readonly apart: boolean;
  /** Written by `begin`; from then on the target is not what it was. */
  marker: Marker | undefined;
  packets_raised: boolean;
}

/** The database as it stands: is it there, did an earlier run with our tag make it, leave its marker in it? */
interface Found { readonly exists: boolean; readonly ours: boolean; readonly marker: Marker | undefined }

/**
 * A database of this family cannot be renamed, so a dump is loaded under the final name. A marker table in it tells
 * how far we came: a new database is ours by it, and one that was there is known to be half loaded. What was in it
 * comes back from the safety backup, which the gateway takes before.
 */
export async function prepareRestore(connection: Connection, options: RestoreOptions, context: EngineContext): Promise<PreparedRestore> {
  await using session = await openSession(connection, { db_name: null }, context.signal);
  const place = { db_name: connection.db_name, tag: context.tag };
  const found = await look(session, place, options.scratch);
  refuseTaken(found, connection, options);
  const { client, warnings } = chooseMysqlLoader(await discoverClients(context.client_dirs), session);
  const replaces = found.exists && !found.ours;
  const plan = await planRestore(session, connection, options, replaces);
  const stages = await loadStages(session, client, plan, { connection, options, context });
  const run: Run = { connection, options, context, plan, place, since_id: session.connection_id, stages, apart: !replaces, marker: undefined, packets_raised: false };
  const already_loaded = found.marker?.state === "loaded" && found.marker.backup_id === options.manifest.backup_id;
  return prepared(run, { replaces, already_loaded, warnings: [...flavourWarnings(connection.type, session), ...warnings, ...plan.warnings] });
}

function prepared(run: Run, facts: Pick<PreparedRestore, "replaces" | "already_loaded" | "warnings">): PreparedRestore {
  const { connection, context } = run;
  return {
    ...facts,
    apart: run.apart,
    begin: () => begin(run),
    steps: () => run.options.manifest.parts.map((part) => [{ part, stages: run.stages }]), // it is one
    explain: (failure: StageFailure) => explainLoad(failure, connection),
    isBusy: () => isServerBusy(connection, run.since_id, context.signal),
    loaded: () => loaded(run),
    commit: () => commit(run),
    rollback: () => rollback(run),
    [Symbol.asyncDispose]: () => putPacketsBack(run),
  };
}

async function look(session: Session, place: MarkerPlace, scratch = false): Promise<Found> {
  const exists = await databaseExists(session, place.db_name);
  const marker = exists ? await readMarker(session, place) : undefined;
  return { exists, marker, ours: marker?.created_by_us ?? (exists && await isOursUnmarked(session, place, scratch)) };
}

function refuseTaken({ exists, ours }: Found, { db_name, host, port }: Connection, { must_be_new }: Pick<RestoreOptions, "must_be_new">): void {
  if (!exists || !must_be_new || ours) return;
  throw new SafebaseError("conflict", `there is already a database ${db_name} on ${host}:${port}`, { hint: "Choose another name, or restore into that database." });
}

async function loadStages(session: Session, client: Client, plan: RestorePlan, run: Pick<Run, "connection" | "options" | "context">): Promise<Stage[]> {
  const option_file = await writeOptionFile(run.connection, client, session.tls, run.context.work_dir);
  const args = loadArgs({ client, db_name: run.connection.db_name, init_command: plan.init_command });
  const loader: Stage = { program: client.path, args: [option_file, ...args], raw_side: "read", failure_code: "restore_failed" };
  const filter = loadFilter(run.options, client, run.connection.db_name);
  return filter.length === 0 ? [loader] : [{ program: "sed", args: filter, package: "sed", failure_code: "restore_failed" }, loader];
}

/** The arguments of a sed that makes the dump fit loader and target; none where it fits as it is. */
function loadFilter({ manifest: { tool, database }, scratch = false }: RestoreOptions, loader: Client, db_name: string): string[] {
  return [
    ...(needsSandboxFilter(tool.name, loader) ? DROP_SANDBOX_LINE : []),
    ...(database.name === db_name ? [] : renameCollationSwitches(database.name)),
    ...(scratch ? DISABLE_EVENTS : []),
  ];
}

/** Marks the target, then empties it. What stops us before anything is gone leaves no mark. */
async function begin(run: Run): Promise<void> {
  const { connection, options, context, plan, place } = run;
  await using session = await openSession(connection, { db_name: null }, context.signal);
  const found = await look(session, place, options.scratch);
  refuseTaken(found, connection, { must_be_new: options.must_be_new || run.apart });
  if (plan.raise_packets_from !== undefined) {
    await raisePackets(session);
    run.packets_raised = true;
  }
  if (!found.exists) await createDatabase(session, place);
  // A later backup under the same tag puts the target back: the marker goes on to name the first.
  run.marker = { state: "loading", created_by_us: !found.exists || found.ours, backup_id: found.marker?.backup_id ?? options.manifest.backup_id };
  await writeMarker(session, place, run.marker);
  await dropComment(session, place);
  try {
    await emptyDatabase(session, place);
  } catch (error) {
    if (found.marker === undefined && found.exists && error instanceof SafebaseError && error.code === "target_busy") {
      await dropMarker(session, place);
      run.marker = undefined;
    }
    throw error;
  }
  await setCollation(session, place.db_name, options.manifest.facts?.["default_collation"]);
}

async function loaded({ connection, options: { manifest }, context, place }: Run): Promise<Contents> {
  await using session = await openSession(connection, { db_name: null }, context.signal);
  return await countLoaded(session, place, manifest.contents);
}

async function commit(run: Run): Promise<void> {
  const { connection, options: { manifest }, context, place } = run;
  await using session = await openSession(connection, { db_name: null }, context.signal);
  await checkLoaded(session, place.db_name, manifest.contents);
  const marker = await readMarker(session, place);
  if (marker === undefined) throw new SafebaseError("restore_failed", `someone else has changed ${place.db_name} during the restore`);
  if (marker.backup_id === manifest.backup_id) await writeMarker(session, place, { ...marker, state: "loaded" });
  else await dropMarker(session, place); // put back: the target is as it was
}

/** True when the target is as it was: untouched, or new and gone again. Works after a cancel, so without its signal. */
async function rollback(run: Run): Promise<boolean> {
  await putPacketsBack(run);
  if (run.marker === undefined) return true;
  // Of a target that was there the marker stays, until the safety backup has been put back.
  if (!run.marker.created_by_us) return false;
  await using session = await openSession(run.connection, { db_name: null });
  const { ours } = await look(session, run.place);
  if (ours) await session.rows(`DROP DATABASE ${quoteName(run.place.db_name)}`);
  return true;
}

async function putPacketsBack(run: Run): Promise<void> {
  if (!run.packets_raised || run.plan.raise_packets_from === undefined) return;
  await lowerPackets(run.connection, run.plan.raise_packets_from);
  run.packets_raised = false;
}

/** Drops the marker of a restore that was done, and a new database that was not. */
export async function cleanUp(connection: Connection, context: EngineContext, { scratch = false }: { readonly scratch?: boolean } = {}): Promise<TargetState> {
  await using session = await openSession(connection, { db_name: null }, context.signal);
  const place = { db_name: connection.db_name, tag: context.tag };
  const { marker, ours } = await look(session, place, scratch);
  if (marker === undefined && !ours) return "untouched";
  if (marker?.state === "loaded") {
    await dropMarker(session, place);
    return "restored";
  }
  if (!ours) return "half_loaded";
  await session.rows(`DROP DATABASE ${quoteName(place.db_name)}`);
  return "untouched";
}
