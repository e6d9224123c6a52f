import { asSafebaseError } from "@safebase/contracts";
import { backoff_ms, pause } from "@safebase/runtime";
import { lockDatabase } from "../catalog/databases.ts";
import { anyBackup } from "../catalog/backups.ts";
import { anyRestore } from "../catalog/restores.ts";
import { checkAtWork } from "../catalog/checks.ts";
import { copyAtWork, openCopyJobs } from "../catalog/copy-jobs.ts";
import { backupAtWork, claimJob, dueJobs, nextDueAt, restoreAtWork, unclaimJob } from "../catalog/jobs.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { anyVerification, verificationAtWork } from "../catalog/verifications.ts";
import { syncChannels } from "../channels/bucket.ts";
import { sealedFor } from "../executors/sealed-for.ts";
import { showNotices } from "../notices/show.ts";
import { sendNotifications } from "../notifications/send.ts";
import { announceEnded } from "./announce.ts";
import { buildCommand } from "./command.ts";
import type { Core } from "./deps.ts";
import { outcomeOfCleanUp } from "./gave-up.ts";
import { endJob } from "./outcome.ts";
import { syncSchedules } from "./schedule-bucket.ts";

const LONGEST_WAIT_MS = 60_000;

/**
 * Brings what the catalog holds for others to NATS: commands of jobs that are due, notices for browsers, notifications,
 * schedules, channels. The catalog is the outbox: a kick that is lost costs time only, the next one or the reconciliation finds the same work.
 */
export class Dispatcher implements AsyncDisposable {
  readonly #core: Core;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #wake = Promise.withResolvers<void>();
  readonly #changed = new Set<(core: Core) => Promise<void>>([syncSchedules, syncChannels]);

  constructor(core: Core) {
    this.#core = core;
    this.#running = this.#run();
  }

  /** Something has changed in the catalog: look at it soon. To be called after the commit. */
  kick(): void {
    this.#wake.resolve();
  }

  /** The same, and schedules are among it. */
  schedulesChanged(): void {
    this.#changed.add(syncSchedules);
    this.kick();
  }

  channelsChanged(): void {
    this.#changed.add(syncChannels);
    this.kick();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.kick();
    await this.#running;
  }

  async #run(): Promise<void> {
    const stop = this.#stopping.signal;
    for (let failures = 0; !stop.aborted;) {
      this.#wake = Promise.withResolvers();
      try {
        await this.#pass();
        failures = 0;
        await this.#idle();
      } catch (err) {
        if (stop.aborted) return;
        failures++;
        this.#core.log.warn({ err }, "the outbox waits: NATS or the catalog does not answer");
        await pause(backoff_ms(failures, 100, 5_000), stop);
      }
    }
  }

  async #pass(): Promise<void> {
    const { core, stop } = { core: this.#core, stop: this.#stopping.signal };
    await dispatchDue(core, stop);
    await showNotices(core);
    await sendNotifications(core, stop);
    for (const sync of this.#changed) {
      this.#changed.delete(sync);
      try {
        await sync(core);
      } catch (error) {
        this.#changed.add(sync);
        throw error;
      }
    }
  }

  /** Until the next kick or the next job's time. */
  async #idle(): Promise<void> {
    const now = this.#core.now();
    const next = await nextDueAt(this.#core.db, now.toISOString());
    const wait_ms = next === undefined ? LONGEST_WAIT_MS : Math.min(LONGEST_WAIT_MS, Math.max(0, Date.parse(next) - now.getTime()) + 1);
    const waited = new AbortController();
    await Promise.race([pause(wait_ms, waited.signal), this.#wake.promise]);
    waited.abort();
  }
}

/** Publishes the command of every job whose time has come. One that cannot be done any more fails. */
async function dispatchDue(core: Core, stop: AbortSignal): Promise<void> {
  const busy = new Set<string>(); // groups that have a check, or a copy: hundreds more may wait for it
  for (const job of await dueJobs(core.db, core.now().toISOString())) {
    if (stop.aborted) return;
    if (job.kind === "check" || job.kind === "copy") {
      const queue = `${job.kind}:${job.executor_group}`;
      if (busy.has(queue)) continue;
      busy.add(queue);
    }
    const claimed_at = core.now().toISOString();
    if (!await core.db.transaction().execute((tx) => claim(tx, job, claimed_at))) continue;
    try {
      await publish(core, job);
    } catch (error) {
      await unclaimJob(core.db, job.id, claimed_at);
      throw error;
    }
  }
}

/** Hands a job to its queue; no harm when it is there already. A job that cannot be done any more fails instead. */
export async function publish(core: Core, job: Job, cleanupOnly = false): Promise<void> {
  let command;
  try {
    command = sealedFor(core.secrets, job.executor_group, await buildCommand(core.db, job, cleanupOnly));
  } catch (cause) {
    const { code, message } = asSafebaseError(cause);
    if (code === "internal") throw cause;
    const at = core.now().toISOString();
    const outcome = outcomeOfCleanUp(job, { status: "failed", failure: { code, message } });
    const ended = await core.db.transaction().execute((tx) => endJob(tx, job, outcome, at));
    return announceEnded(core, ended);
  }
  const fresh = await core.bus.enqueue(command);
  core.log.info({ job_id: job.id, kind: job.kind, fresh, cleanup_only: cleanupOnly }, fresh ? "job queued" : "job was queued already");
}

/**
 * A backup and a restore in place never work on the same database at once: a dump of a half-loaded database would be
 * called completed. The one that comes second waits. Claimed under the database's lock, so that both cannot be first.
 */
async function claim(tx: Db, job: Job, at: string): Promise<boolean> {
  if (job.kind === "backup" && job.backup_id !== null) {
    const database = await lockDatabase(tx, (await anyBackup(tx, job.backup_id)).database_id, "all");
    if (database !== undefined && await restoreAtWork(tx, database, at)) return false;
  } else if (job.kind === "restore" && job.restore_id !== null) {
    const restore = await anyRestore(tx, job.restore_id);
    const database = await lockDatabase(tx, restore.target_database_id, "all");
    if (database !== undefined && restore.must_be_new === 0 && await backupAtWork(tx, database)) return false;
  } else if (job.kind === "verify" && job.verification_id !== null) {
    // A server is spared more than one at a time; two databases registered of one server may slip through, which does no harm.
    const database = await lockDatabase(tx, (await anyVerification(tx, job.verification_id)).target_database_id, "all");
    if (database !== undefined && await verificationAtWork(tx, database)) return false;
  } else if (job.kind === "check") {
    // One at a time in a group, so that they never keep backups waiting; two gateways may let a second one slip through, which does no harm.
    if (await checkAtWork(tx, job.executor_group)) return false;
  } else if (job.kind === "copy") {
    if (await copyAtWork(tx, job.executor_group)) return false; // for the same reason
  } else if (job.kind === "delete" && job.backup_id !== null) {
    // What an executor still writes would be left.
    if ((await openCopyJobs(tx, job.backup_id, job.copy_id ?? undefined)).some(({ published_at }) => published_at !== null)) return false;
  }
  return claimJob(tx, job.id, at);
}
