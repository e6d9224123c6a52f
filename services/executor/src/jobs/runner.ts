import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Command, SafebaseError, asSafebaseError, subjects } from "@safebase/contracts";
import type { BackupResult, CheckResult, CopyResult, DeleteResult, JobEvent, Progress, RestoreResult, VerifyResult } from "@safebase/contracts";
import { acquireLease, type Again, type Bus, type Lease, type Log, type Secrets } from "@safebase/runtime";
import type { StoragePool } from "@safebase/storage";
import type { EngineContext } from "../engines/engine.ts";
import { backup } from "./backup.ts";
import { check } from "./check.ts";
import { cleanUp } from "./clean-up.ts";
import { copy } from "./copy.ts";
import { deleteArtifact } from "./delete.ts";
import { Teller, type ProgressUpdate } from "./progress.ts";
import type { Receipts } from "./receipts.ts";
import { HAND_BACK, isLeftToOthers, restore, tidy } from "./restore.ts";
import type { Outcome, Run } from "./run.ts";
import type { RunningJobs } from "./running.ts";
import { unseal, unsealIdentities } from "./unseal.ts";
import { verify } from "./verify.ts";

/** How long a finished dump waits for NATS to confirm its lease before it is given up. */
const LEASE_PATIENCE_MS = 10 * 60_000;
/** An executor that ends waits for NATS no longer than this. */
const LAST_WORD_MS = 3_000;

export interface RunnerOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly group: string;
  readonly executor_id: string;
  readonly client_dirs: readonly string[];
  readonly parallel_threshold_bytes: number;
  readonly temp_dir: string;
  readonly receipts: Receipts;
  readonly running: RunningJobs;
  readonly storages: StoragePool;
  readonly spool_bytes: number;
}

type AnyOutcome = Outcome<BackupResult | RestoreResult | VerifyResult | CheckResult | CopyResult | DeleteResult>;

/**
 * One command, from the queue to its final event. Whatever dies on the way, the command comes again: a job that was
 * ended here is answered from its receipt, one that another run holds is left to that run.
 */
export function createRunner(options: RunnerOptions) {
  return async (payload: unknown, _deliveries: number, stopping: AbortSignal): Promise<Again | void> => {
    const parsed = Command.safeParse(payload);
    if (!parsed.success) {
      options.log.error({ err: parsed.error }, "a command that cannot be read was dropped; is a newer gateway running?");
      return;
    }
    const command = parsed.data;
    if (command.group !== options.group) {
      options.log.error({ job_id: command.job_id, group: command.group }, "a command was dropped: it is another group's");
      return;
    }
    const told = await options.receipts.find(command);
    if (told !== undefined) return tellAgain(options, command, told, stopping);

    const run_id = randomUUID();
    const holder = { run_id, executor_id: options.executor_id, ...writing(command) };
    await using lease = await acquireLease(options.bus, command, holder);
    if (lease === undefined) return { again_in_ms: options.bus.lease_ttl_ms / 4 };
    return await execute(options, command, run_id, lease, stopping); // awaited: the lease is held until it has ended
  };
}

/** The artifact that the run may be writing: no sweep takes it for a leftover. */
function writing(command: Command): { stem?: string } {
  if (command.kind === "backup") return { stem: command.stem };
  return command.kind === "copy" ? { stem: command.source.stem } : {};
}

/** A job that was ended here: its event again, and the tidying that may have been cut short. */
async function tellAgain(options: RunnerOptions, command: Command, event: JobEvent, stopping: AbortSignal): Promise<void> {
  await publish(options, command, event, stopping);
  if (command.kind !== "restore" || event.type !== "completed") return;
  await using folder = await workFolder(options, command);
  await tidy(unseal(options.secrets, command.target.connection), engineContext(options, command, folder.path, stopping));
}

async function execute(options: RunnerOptions, command: Command, run_id: string, lease: Lease, stopping: AbortSignal): Promise<Again | void> {
  const log = options.log.child({ job_id: command.job_id, kind: command.kind, run_id });
  const others = [lease.lost, handBack(stopping)];
  using entry = command.cleanup_only ? uncancelable(others) : options.running.add(command.job_id, others);
  const stamp = { job_id: command.job_id, kind: command.kind, run_id, executor_id: options.executor_id };
  const at = (): string => new Date().toISOString();

  await publish(options, command, { ...stamp, type: "started", at: at() }, stopping);
  await using folder = await workFolder(options, command);
  const teller = new Teller((progress) => options.bus.broadcast(subjects.progress(command.group, command.job_id), stampProgress(command, progress)));
  const run = createRun(options, { command, run_id, lease, workDir: folder.path, log, signal: entry.signal, teller });
  const ended = await settle(command, run).finally(() => teller[Symbol.dispose]()); // no progress after the final event
  if (ended.error?.code === "lease_lost" || (stopping.aborted && ended.error?.code === "canceled")) {
    log.info({ err: ended.error }, "handed back");
    if (ended.error?.code !== "lease_lost") await tellHandedBack(options, command, { ...stamp, type: "handed_back", at: at() });
    return { again_in_ms: 0 };
  }
  const event: JobEvent = ended.outcome !== undefined
    ? { ...stamp, type: "completed", at: at(), result: ended.outcome.result }
    : failed(stamp, at(), ended.error);
  log.info({ type: event.type, err: ended.error }, "ended");
  await options.receipts.write(command, event);
  await ended.outcome?.finish?.(); // a failure here brings the command again, and then the receipt is told first
  await publish(options, command, event, stopping);
}

/** So that the run does not count as one that died; untold, it does. */
async function tellHandedBack(options: RunnerOptions, command: Command, event: JobEvent): Promise<void> {
  await publish(options, command, event, AbortSignal.timeout(LAST_WORD_MS))
    .catch((err: unknown) => options.log.warn({ err, job_id: command.job_id }, "nobody could be told that a job was handed back"));
}

/** A 0700 folder for one run, gone at its end: password files lie in it. */
async function workFolder(options: RunnerOptions, command: Command): Promise<AsyncDisposable & { path: string }> {
  await mkdir(options.temp_dir, { recursive: true, mode: 0o700 });
  const path = await mkdtemp(join(options.temp_dir, `job-${command.job_id}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs the job to its outcome or its error; whatever it throws has cleaned up behind itself. */
async function settle(command: Command, run: Run): Promise<{ outcome?: AnyOutcome; error?: SafebaseError }> {
  try {
    const clears = command.cleanup_only || isCanceled(run.signal);
    if (!clears) run.signal.throwIfAborted();
    return { outcome: clears ? await cleanUp(command, run) : await perform(command, run) };
  } catch (error) {
    return { error: asSafebaseError(error) };
  }
}

/** Canceled before it began: an earlier run that died may have left something all the same. */
function isCanceled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof SafebaseError && reason.code === "canceled" && !isLeftToOthers(reason);
}

function perform(command: Command, run: Run): Promise<AnyOutcome> {
  switch (command.kind) {
    case "backup": return backup(command, run);
    case "restore": return restore(command, run);
    case "verify": return verify(command, run);
    case "check": return check(command, run);
    case "copy": return copy(command, run);
    case "delete": return deleteArtifact(command, run);
  }
}

function failed(stamp: Pick<JobEvent, "job_id" | "kind" | "run_id" | "executor_id">, at: string, error = new SafebaseError("internal", "no error")): JobEvent {
  if (error.code === "canceled") return { ...stamp, type: "canceled", at };
  const { code, message, hint } = error;
  return { ...stamp, type: "failed", at, failure: { code, message, ...(hint === undefined ? {} : { hint }) } };
}

function publish(options: RunnerOptions, { group }: Command, event: JobEvent, signal: AbortSignal): Promise<void> {
  return options.bus.publish(subjects.event(group, event.job_id, event.type), event, { msgId: randomUUID(), signal });
}

/** Undoing a canceled job must not be ended by another cancel. */
function uncancelable(others: readonly AbortSignal[]): Disposable & { signal: AbortSignal } {
  return { signal: AbortSignal.any([...others]), [Symbol.dispose]: () => { /* it is on no list */ } };
}

/** The executor's stop as a reason that jobs understand. */
function handBack(stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new SafebaseError("canceled", HAND_BACK));
  if (stopping.aborted) abort();
  else stopping.addEventListener("abort", abort, { once: true });
  return controller.signal;
}

function createRun(options: RunnerOptions, of: { command: Command; run_id: string; lease: Lease; workDir: string; log: Log; signal: AbortSignal; teller: Teller }): Run {
  const { command, signal } = of;
  return {
    run_id: of.run_id, log: of.log, signal,
    engine: engineContext(options, command, of.workDir, signal), spool_bytes: options.spool_bytes, parallel_threshold_bytes: options.parallel_threshold_bytes,
    storage: (ref) => options.storages.open(ref),
    open: (connection) => unseal(options.secrets, connection),
    identities: ({ identities_sealed }) => unsealIdentities(options.secrets, identities_sealed),
    confirmLease: async () => {
      signal.throwIfAborted();
      await of.lease.confirm(LEASE_PATIENCE_MS);
    },
    calm: () => createRun(options, { ...of, signal: of.lease.lost }),
    progress: (update) => of.teller.tell(update),
  };
}

function stampProgress({ job_id, kind }: Command, progress: ProgressUpdate): Progress {
  return { ...progress, job_id, kind, at: new Date().toISOString() };
}

function engineContext(options: RunnerOptions, command: Command, work_dir: string, signal: AbortSignal): EngineContext {
  return { client_dirs: options.client_dirs, work_dir, tag: tagOf(command), signal };
}

/** The same for every run of a job, so that one finds on the server what another left; of no other catalog's. */
function tagOf(command: Command): string {
  if (command.kind === "verify") return command.target.connection.db_name.replaceAll("_", "-"); // chosen by chance
  return `safebase-${command.job_id}-${Date.parse(command.created_at).toString(36)}`;
}
