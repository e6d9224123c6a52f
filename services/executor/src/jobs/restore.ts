import type { Manifest } from "@safebase/artifact";
import { SafebaseError, asSafebaseError, type Connection, type ErrorCode, type RestoreCommand, type RestoreResult, type Warning } from "@safebase/contracts";
import type { EngineContext, PreparedRestore } from "../engines/engine.ts";
import { engineFor } from "../engines/registry.ts";
import { CopyFault, firstGood, type Copy } from "./copies.ts";
import { load } from "./load.ts";
import type { Outcome, Run } from "./run.ts";

const TIDY_TIMEOUT_MS = 5 * 60_000;

/** Restores a backup. A failure leaves the target as it was: see `undo` for the engines that load in place. */
export async function restore(command: RestoreCommand, run: Run): Promise<Outcome<RestoreResult>> {
  const outcome = await firstGood(command.source, run, (copy) => restoreFrom(copy, command, run));
  return outcome instanceof SafebaseError ? abandon(outcome, command, run) : outcome;
}

async function restoreFrom(copy: Copy, command: RestoreCommand, run: Run): Promise<Outcome<RestoreResult>> {
  const { manifest, passed_over } = copy;
  const target = run.open(command.target.connection);
  const ready = await engineFor(target.type).prepareRestore(target, { manifest, must_be_new: command.target.must_be_new }, run.engine).catch((error: unknown) => asSafebaseError(error));
  if (ready instanceof SafebaseError) return abandon(ready, command, run);
  await using prepared = ready;
  try {
    if (prepared.already_loaded) await prepared.commit();
    else await load(prepared, copy, run, command);
  } catch (error) {
    return await undo(asSafebaseError(error), prepared, command, run); // awaited: `prepared` is needed for it
  }
  return {
    result: { kind: "restore", db_name: target.db_name, replaced: prepared.replaces, warnings: [...ofTheBackup(manifest), ...prepared.warnings], passed_over: [...passed_over] },
    finish: () => tidy(target, run.engine),
  };
}

/** What the backup lacked when it was made, the restored database lacks now. */
export function ofTheBackup({ warnings }: Manifest): Warning[] {
  return warnings.map(({ code, message }) => ({ code, message: `when the backup was made: ${message}` }));
}

/** Drops the old database of a restore whose outcome is on record. */
export async function tidy(target: Connection, context: EngineContext): Promise<void> {
  await engineFor(target.type).cleanUp(target, { ...context, signal: AbortSignal.timeout(TIDY_TIMEOUT_MS) });
}

/**
 * Puts the target back as it was, and throws the error to report: the first one, and what became of the target. The fault
 * of a copy is thrown as it is when nothing is left of it, so that the next one is tried.
 */
async function undo(error: SafebaseError, prepared: PreparedRestore, command: RestoreCommand, run: Run): Promise<Outcome<RestoreResult>> {
  if (isLeftToOthers(error)) throw error;
  const untouched = await prepared.rollback().catch((cause: unknown) => asSafebaseError(cause));
  if (untouched === true && error instanceof CopyFault) throw error;
  if (untouched === true) return abandon(error, command, run);
  const half = untouched === false ? error : new SafebaseError(error.code, `${error.message} (and it could not be undone: ${untouched.message})`, { hint: error.hint, cause: untouched });
  throw await putBack(half, command, run);
}

/**
 * Ends a restore that has changed nothing itself: an earlier run of it that died may have, and that is undone. Where
 * that one had done all of it, this is the outcome, for it can be seen by others; else throws the error to report.
 */
export async function abandon(error: SafebaseError, command: RestoreCommand, run: Run): Promise<Outcome<RestoreResult>> {
  if (isLeftToOthers(error)) throw error;
  const target = run.open(command.target.connection);
  const state = await engineFor(target.type).cleanUp(target, run.calm().engine).catch((cause: unknown) => asSafebaseError(cause));
  if (state === "restored") return { result: { kind: "restore", db_name: target.db_name, replaced: true, warnings: [], passed_over: [] } };
  if (state === "half_loaded") throw await putBack(error, command, run);
  if (state === "untouched" || state.code === error.code) throw error;
  throw new SafebaseError(failureCode(error, state.code), `${error.message}; what an earlier run may have left on the server could not be cleared away: ${state.message}`, {
    hint: error.hint ?? state.hint, cause: state,
  });
}

/** `canceled` would say that nothing happened. */
export function failureCode(error: SafebaseError, instead: ErrorCode): ErrorCode {
  return error.code === "canceled" ? instead : error.code;
}

/** For engines that load in place: restores the safety backup. Answers the error to report. */
async function putBack(error: SafebaseError, command: RestoreCommand, run: Run): Promise<SafebaseError> {
  const { safety } = command;
  if (safety === null) {
    return new SafebaseError(failureCode(error, "restore_failed"), `${error.message}; the target may be incomplete, and there is no safety backup to put back`, {
      hint: error.hint ?? `restore a backup into ${command.target.connection.db_name}`, cause: error,
    });
  }
  try {
    const calm = run.calm(); // a canceled restore is put back, too
    const failure = await firstGood(safety, calm, (copy) => putBackFrom(copy, command, calm));
    if (failure !== undefined) throw failure;
  } catch (cause) {
    return new SafebaseError("restore_failed", `${error.message}; putting back safety backup ${safety.backup_id} failed, too: ${asSafebaseError(cause).message}`, {
      hint: `the target is incomplete; restore backup ${safety.backup_id} when the cause is gone`, cause,
    });
  }
  if (error.code === "canceled") return error;
  return new SafebaseError(error.code, `${error.message}; the target was put back as it was, from safety backup ${safety.backup_id}`, { hint: error.hint, cause: error });
}

async function putBackFrom(copy: Copy, command: RestoreCommand, calm: Run): Promise<undefined> {
  const target = calm.open(command.target.connection);
  await using prepared = await engineFor(target.type).prepareRestore(target, { manifest: copy.manifest, must_be_new: false }, calm.engine);
  await load(prepared, copy, calm, command);
}

/** The reason with which the runner aborts jobs when the executor stops. */
export const HAND_BACK = "the executor stops";

/** Another run has the job now, or will have it when we stop: what we began is its to clean up, under the same names. */
export function isLeftToOthers(error: SafebaseError): boolean {
  return error.code === "lease_lost" || (error.code === "canceled" && error.message === HAND_BACK);
}
