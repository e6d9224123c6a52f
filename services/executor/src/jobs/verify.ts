import { SafebaseError, SCRATCH_PREFIX, asSafebaseError, type Connection, type VerifyCommand, type VerifyResult } from "@safebase/contracts";
import { pause } from "@safebase/runtime";
import { engineFor } from "../engines/registry.ts";
import { compare } from "./compare.ts";
import { firstGood, type Copy } from "./copies.ts";
import { fill } from "./load.ts";
import { failureCode, isLeftToOthers, ofTheBackup } from "./restore.ts";
import type { Outcome, Run } from "./run.ts";

/** A server that restarts, or still ends the loader's last statement, keeps a scratch database for a while. */
const DROP_PATIENCE_MS = 60_000;
const DROP_PAUSE_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A test restore: reads every stored byte, loads it into a scratch database by the restore's own steps, and compares
 * what is there with what the backup held. Nothing is ever committed, and the scratch database goes whatever happens:
 * what a run that died has left goes with the next one, or with the clean-up.
 */
export async function verify(command: VerifyCommand, run: Run): Promise<Outcome<VerifyResult>> {
  const scratch = openScratch(command, run);
  const state: State = { begun: false };
  const result = await tried(command, scratch, run, state).catch((error: unknown) => asSafebaseError(error));
  const failure = result instanceof SafebaseError ? result : undefined;
  if (failure !== undefined && isLeftToOthers(failure)) throw failure;
  await drop(scratch, run, state.begun ? DROP_PATIENCE_MS : 0).catch((error: unknown) => {
    const cause = asSafebaseError(error);
    if (isLeftToOthers(cause)) throw cause;
    if (failure?.code === cause.code && !state.begun) throw failure; // a server that cannot be reached is told once
    throw remaining(scratch, failure, cause);
  });
  if (result instanceof SafebaseError) throw result;
  return { result };
}

/** Has this run begun to make the scratch database? */
interface State { begun: boolean }

/** Removes what a run that died has left on the server. */
export async function dropScratch(command: VerifyCommand, run: Run): Promise<void> {
  await drop(openScratch(command, run), run);
}

/** Only ever a database that is named as scratch databases are. */
function openScratch(command: VerifyCommand, run: Run): Connection {
  const scratch = run.open(command.target.connection);
  if (scratch.db_name.startsWith(SCRATCH_PREFIX)) return scratch;
  throw new SafebaseError("bad_request", `a backup is tested in a database whose name begins with ${SCRATCH_PREFIX}, not in ${scratch.db_name}`);
}

async function tried(command: VerifyCommand, scratch: Connection, unlimited: Run, state: State): Promise<VerifyResult> {
  using limited = withTimeLimit(unlimited, command.limits.time_s);
  const { run } = limited;
  const result = await firstGood(command.source, run, (copy) => triedWith(copy, command, scratch, run, state));
  if (result instanceof SafebaseError) throw result;
  return result;
}

/** What a copy at fault has left in the scratch database is cleared away by the next one, or at the end. */
async function triedWith({ manifest, ...copy }: Copy, command: VerifyCommand, scratch: Connection, run: Run, state: State): Promise<VerifyResult> {
  await using prepared = await engineFor(scratch.type).prepareRestore(scratch, { manifest, must_be_new: true, scratch: true }, run.engine);
  state.begun = true;
  await fill(prepared, { manifest, ...copy }, run, command);
  tell(run, "compare");
  const { warnings, ...found } = compare(command.expected, await prepared.loaded());
  return { kind: "verify", ...found, warnings: [...ofTheBackup(manifest), ...prepared.warnings, ...warnings], passed_over: [...copy.passed_over] };
}

/** The same run, which ends by itself after so long: its counting, too. */
function withTimeLimit(run: Run, time_s: number): Disposable & { run: Run } {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new SafebaseError("time_limit", `it took longer than its limit of ${time_s} s`)), Math.min(time_s * 1000, LONGEST_TIMER_MS));
  const signal = AbortSignal.any([run.signal, over.signal]);
  return { run: { ...run, signal, engine: { ...run.engine, signal } }, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Also after a cancel. The lease is confirmed: another run's scratch database has the same name. */
async function drop(scratch: Connection, run: Run, patience_ms = DROP_PATIENCE_MS): Promise<void> {
  const calm = run.calm();
  tell(calm, "drop");
  await calm.confirmLease();
  const deadline_ms = performance.now() + patience_ms;
  for (;;) {
    try {
      await engineFor(scratch.type).cleanUp(scratch, calm.engine, { scratch: true });
      return;
    } catch (error) {
      if (calm.signal.aborted || performance.now() >= deadline_ms) throw error;
      run.log.warn({ err: error }, "the scratch database is not gone yet, it is tried again");
      await pause(DROP_PAUSE_MS, calm.signal);
    }
  }
}

/** The error to report when the scratch database may be left. */
function remaining({ db_name }: Connection, failure: SafebaseError | undefined, cause: SafebaseError): SafebaseError {
  const before = failure === undefined ? "the backup was restored and read" : failure.message;
  return new SafebaseError(failure === undefined ? cause.code : failureCode(failure, cause.code), `${before}; but the scratch database could not be removed: ${cause.message}`, {
    hint: `drop the database whose name begins with ${db_name}, if it is there`, cause,
  });
}

function tell(run: Run, phase: string): void {
  run.progress({ phase, bytes_in: 0, bytes_out: 0, total_bytes: null, rate_bytes_per_s: 0, elapsed_ms: 0 });
}
