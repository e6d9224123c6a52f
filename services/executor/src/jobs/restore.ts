import { SafebaseError, asSafebaseError, type Connection, type RestoreCommand, type RestoreResult } from "@safebase/contracts";
import type { EngineContext, PreparedRestore } from "../engines/engine.ts";
import { engineFor } from "../engines/registry.ts";
import { load, verified } from "./load.ts";
import type { Outcome, Run } from "./run.ts";

const TIDY_TIMEOUT_MS = 5 * 60_000;

/** Restores a backup. A failure leaves the target as it was: see `undo` for the engines that load in place. */
export async function restore(command: RestoreCommand, run: Run): Promise<Outcome<RestoreResult>> {
  const storage = await run.storage(command.source.storage);
  const manifest = await verified(command.source, storage, run);
  const target = run.open(command.target.connection);
  await using prepared = await engineFor(target.type).prepareRestore(target, { manifest, must_be_new: command.target.must_be_new }, run.engine);
  if (prepared.already_loaded) {
    await prepared.commit();
  } else {
    try {
      await load(prepared, manifest, storage, run, command.limits);
    } catch (error) {
      throw await undo(asSafebaseError(error), prepared, command, run);
    }
  }
  return {
    result: { kind: "restore", db_name: target.db_name, replaced: prepared.replaces, warnings: [...prepared.warnings] },
    finish: () => tidy(target, run.engine),
  };
}

/** Drops the old database of a restore whose outcome is known to others. */
export async function tidy(target: Connection, context: EngineContext): Promise<void> {
  await engineFor(target.type).cleanUp(target, { ...context, signal: AbortSignal.timeout(TIDY_TIMEOUT_MS) });
}

/** Puts the target back as it was, and answers the error to report: the first one, and what became of the target. */
async function undo(error: SafebaseError, prepared: PreparedRestore, command: RestoreCommand, run: Run): Promise<SafebaseError> {
  // Another run has the job now, or will have it when we stop: what we began is its to clean up, under the same names.
  if (error.code === "lease_lost" || isHandBack(error)) return error;
  const untouched = await prepared.rollback().catch((cause: unknown) => asSafebaseError(cause));
  if (untouched === true) return error;
  const half = untouched === false ? error : new SafebaseError(error.code, `${error.message} (and it could not be undone: ${untouched.message})`, { hint: error.hint, cause: untouched });
  return putBack(half, command, run);
}

/** For engines that load in place: restores the safety backup. Answers the error to report. */
export async function putBack(error: SafebaseError, command: RestoreCommand, run: Run): Promise<SafebaseError> {
  const { safety } = command;
  if (safety === null) {
    // A canceled restore is no exception: `canceled` would say that nothing happened.
    const code = error.code === "canceled" ? "restore_failed" : error.code;
    return new SafebaseError(code, `${error.message}; the target may be incomplete, and there is no safety backup to put back`, {
      hint: error.hint ?? `restore a backup into ${command.target.connection.db_name}`, cause: error,
    });
  }
  try {
    // Not under the job's signal: a canceled restore is put back, too.
    const calm: Run = { ...run, signal: new AbortController().signal, engine: { ...run.engine, signal: new AbortController().signal } };
    const storage = await calm.storage(safety.storage);
    const manifest = await verified(safety, storage, calm);
    const target = calm.open(command.target.connection);
    await using prepared = await engineFor(target.type).prepareRestore(target, { manifest, must_be_new: false }, calm.engine);
    await load(prepared, manifest, storage, calm, command.limits);
  } catch (cause) {
    return new SafebaseError("restore_failed", `${error.message}; putting back safety backup ${safety.backup_id} failed, too: ${asSafebaseError(cause).message}`, {
      hint: `the target is incomplete; restore backup ${safety.backup_id} when the cause is gone`, cause,
    });
  }
  if (error.code === "canceled") return error;
  return new SafebaseError(error.code, `${error.message}; the target was put back as it was, from safety backup ${safety.backup_id}`, { hint: error.hint, cause: error });
}

/** The reason with which the runner aborts jobs when the executor stops. */
export const HAND_BACK = "the executor stops";

function isHandBack(error: SafebaseError): boolean {
  return error.code === "canceled" && error.message === HAND_BACK;
}
