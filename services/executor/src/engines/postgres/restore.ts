import { setTimeout as delay } from "node:timers/promises";
import type { StageFailure } from "@safebase/artifact";
import { type Connection, SafebaseError, type Warning } from "@safebase/contracts";
import { discoverClients } from "../../clients/index.ts";
import type { EngineContext, LoadStep, PreparedRestore, RestoreOptions, TargetState } from "../engine.ts";
import { isServerBusy } from "./busy.ts";
import { checkLoaded, countLoaded } from "./check.ts";
import type { Session } from "./connect.ts";
import { createDatabase, type DatabaseFacts, dropDatabase, dropUnfinished, findDatabase, type Pattern, setComment } from "./databases.ts";
import { explainStageFailure } from "./errors.ts";
import { KEEPER, loadSteps } from "./load-steps.ts";
import { openMaintenance, unabortable } from "./maintenance.ts";
import { checkDatabaseName, restoreNames, type RestoreNames } from "./names.ts";
import { copyProperties, openToPublic } from "./properties.ts";
import { checkRequirements, decideOwners, planLoad } from "./restore-plan.ts";
import { checkTarget } from "./restore-target.ts";
import { SourceFacts } from "./source-facts.ts";
import { letGoOfSubscriptions } from "./subscriptions.ts";
import { swapIn } from "./swap.ts";

const FINDING_OUT_MS = 60_000;

interface Run {
  readonly connection: Connection;
  readonly context: EngineContext;
  readonly options: RestoreOptions;
  readonly names: RestoreNames;
  readonly facts: SourceFacts | undefined;
  readonly warnings: Warning[];
}

/** Decides everything that can be decided before the server changes. */
export async function prepareRestore(connection: Connection, options: RestoreOptions, context: EngineContext): Promise<PreparedRestore> {
  checkDatabaseName(connection.db_name);
  const names = restoreNames(context.tag, connection.db_name);
  const facts = SourceFacts.safeParse(options.manifest.facts).data;
  const run: Run = { connection, context, options, names, facts, warnings: [] };

  await using session = await openMaintenance(connection, context, "restore_failed");
  const found = await look(session, names);
  const steps = found.swapped ? [] : await prepareSteps(run, session, found);
  return {
    replaces: found.swapped ? found.old !== undefined : found.target !== undefined,
    apart: true,
    already_loaded: found.swapped,
    warnings: run.warnings,
    begin: () => begin(run),
    steps: () => steps,
    explain: (failure: StageFailure) => failure.failed.program === KEEPER ? notKept(failure) : hintAtAge(explainStageFailure(failure, connection, "restore_failed"), run.warnings),
    isBusy: () => isServerBusy({ ...connection, db_name: names.side }, context),
    loaded: () => countLoaded(connection, context, names.side, options.manifest),
    commit: () => commit(run),
    rollback: () => rollback(connection, context, names),
    [Symbol.asyncDispose]: async () => { /* Nothing is held between the steps: a load may take hours. */ },
  };
}

/** It writes on our machine, and its words would be taken for the server's. */
function notKept(failure: StageFailure): SafebaseError {
  return new SafebaseError("restore_failed", "the list of indexes and constraints could not be kept in the executor's work folder", { hint: "make room in SAFEBASE_DATA_DIR", cause: failure });
}

/** A load into an older server may fail for what is new in the backup: the error alone does not tell that. */
function hintAtAge(error: SafebaseError, warnings: readonly Warning[]): SafebaseError {
  const older = warnings.find((warning) => warning.code === "older_server");
  if (older === undefined || error.hint !== undefined || error.code !== "restore_failed") return error;
  return new SafebaseError(error.code, error.message, { hint: older.message, cause: error });
}

/** Removes the side database of an interrupted run; after the swap the mark and the old one, in an order that may break off. */
export async function cleanUp(connection: Connection, context: EngineContext): Promise<TargetState> {
  const names = restoreNames(context.tag, connection.db_name);
  await using session = await openMaintenance(connection, context, "restore_failed");
  const { target, old, swapped } = await look(session, names);
  await dropSide(session, connection, context, names);
  if (!swapped) return "untouched";
  if (target?.comment === names.marker) await setComment(session, names.target, old?.comment ?? null);
  await dropDatabase(session, names.old);
  return "restored";
}

interface Found { readonly target: DatabaseFacts | undefined; readonly old: DatabaseFacts | undefined; readonly swapped: boolean }

/** The swap is one transaction, so what is there tells whether it has happened. */
async function look(session: Session, names: RestoreNames): Promise<Found> {
  const [target, old] = [await findDatabase(session, names.target), await findDatabase(session, names.old)];
  return { target, old, swapped: target !== undefined && (old !== undefined || target.comment === names.marker) };
}

async function prepareSteps(run: Run, session: Session, found: Found): Promise<LoadStep[]> {
  const { connection, context, options, facts, names } = run;
  run.warnings.push(...await checkTarget(session, connection, options, found.target));
  run.warnings.push(...await checkRequirements(session, options.manifest, facts));
  const owners = await decideOwners(session, options.manifest.format, facts);
  run.warnings.push(...owners.warnings);
  const plan = planLoad(options.manifest, session.server, await discoverClients(context.client_dirs), owners.keep_owners);
  return loadSteps(plan, options.manifest, { connection, side: names.side, context });
}

async function begin({ connection, context, names, facts, warnings }: Run): Promise<void> {
  await using session = await openMaintenance(connection, context, "restore_failed");
  await dropSide(session, connection, context, names);
  const pattern: Pattern | undefined = await findDatabase(session, names.target) ?? facts;
  try {
    await createDatabase(session, names.side, pattern);
  } catch (error) {
    const isNew = pattern === facts && facts !== undefined;
    if (!isNew || !(error instanceof SafebaseError) || !/locale|encoding|provider/i.test(error.message)) throw error;
    await createDatabase(session, names.side, undefined);
    warnings.push({ code: "locale_not_kept", message: `the new database has the server's own encoding and sort order, for it does not offer ${facts.encoding} with ${facts.locale ?? facts.collate} (${error.message})` });
  }
}

/** Checks the loaded database, gives it the target's properties, and swaps it in. */
async function commit(run: Run): Promise<void> {
  const { connection, context, names, options } = run;
  await using session = await openMaintenance(connection, context, "restore_failed");
  const found = await look(session, names);
  if (found.swapped) return;
  if (options.must_be_new && found.target !== undefined) {
    throw new SafebaseError("conflict", `a database "${names.target}" has come to be there meanwhile`);
  }
  await checkLoaded(connection, context, names.side, options.manifest.contents);
  if (found.target === undefined) await openToPublic(session, names.side);
  else run.warnings.push(...await copyProperties(session, found.target, names.side));
  await setComment(session, names.side, names.marker);
  context.signal.throwIfAborted();
  await swapOrFindOut(connection, unabortable(context), names);
}

/** When the connection breaks at COMMIT, only the server knows whether it has happened: it is asked until it answers. */
async function swapOrFindOut(connection: Connection, context: EngineContext, names: RestoreNames): Promise<void> {
  try {
    await swapIn(connection, context, names);
  } catch (error) {
    const deadline_ms = performance.now() + FINDING_OUT_MS;
    for (;;) {
      const swapped = await isSwapped(connection, context, names);
      if (swapped === true) return;
      if (swapped === false || performance.now() > deadline_ms) throw error;
      await delay(1_000);
    }
  }
}

/** Undefined while the server cannot be asked. */
async function isSwapped(connection: Connection, context: EngineContext, names: RestoreNames): Promise<boolean | undefined> {
  try {
    await using session = await openMaintenance(connection, context, "restore_failed");
    return (await look(session, names)).swapped;
  } catch (error) {
    if (error instanceof SafebaseError && ["unreachable", "restore_failed"].includes(error.code)) return undefined;
    throw error;
  }
}

async function rollback(connection: Connection, context: EngineContext, names: RestoreNames): Promise<boolean> {
  await using session = await openMaintenance(connection, unabortable(context), "restore_failed");
  const { swapped } = await look(session, names);
  await dropSide(session, connection, unabortable(context), names);
  return !swapped;
}

/** Its name holds a hash of tag and target: it is nobody else's. */
async function dropSide(session: Session, connection: Connection, context: EngineContext, { side }: RestoreNames): Promise<void> {
  await letGoOfSubscriptions(session, connection, context, side);
  await dropUnfinished(session, side);
}
