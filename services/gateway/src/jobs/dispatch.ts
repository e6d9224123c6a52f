import { backoff_ms, pause } from "@safebase/runtime";
import { nextDueAt } from "../catalog/jobs.ts";
import { syncChannels } from "../channels/bucket.ts";
import { showNotices } from "../notices/show.ts";
import { sendNotifications } from "../notifications/send.ts";
import { Capacities } from "./capacity.ts";
import type { Core } from "./deps.ts";
import { fillWindows } from "./fill.ts";
import { syncSchedules } from "./schedule-bucket.ts";

const LONGEST_WAIT_MS = 60_000;
/** While jobs wait for their turn: an executor may have come, or another gateway have died that was told of an end. */
const TURN_WAIT_MS = 5_000;

/**
 * Brings what the catalog holds for others to NATS: commands of jobs that are due, notices for browsers, notifications,
 * schedules, channels. The catalog is the outbox: a kick that is lost costs time only, the next one or the reconciliation finds the same work.
 */
export class Dispatcher implements AsyncDisposable {
  readonly #core: Core;
  readonly #capacities: Capacities;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #wake = Promise.withResolvers<void>();
  readonly #changed = new Set<(core: Core) => Promise<void>>([syncSchedules, syncChannels]);

  constructor(core: Core) {
    this.#core = core;
    this.#capacities = new Capacities(core);
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
        const waits = await this.#pass();
        failures = 0;
        await this.#idle(waits ? TURN_WAIT_MS : LONGEST_WAIT_MS);
      } catch (err) {
        if (stop.aborted) return;
        failures++;
        this.#core.log.warn({ err }, "the outbox waits: NATS or the catalog does not answer");
        await pause(backoff_ms(failures, 100, 5_000), stop);
      }
    }
  }

  /** Says whether jobs had been waiting. */
  async #pass(): Promise<boolean> {
    const { core, stop } = { core: this.#core, stop: this.#stopping.signal };
    const waits = await fillWindows(core, this.#capacities, stop);
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
    return waits;
  }

  /** Until the next kick or the next job's time. */
  async #idle(longest_ms: number): Promise<void> {
    const now = this.#core.now();
    const next = await nextDueAt(this.#core.db, now.toISOString());
    const wait_ms = next === undefined ? longest_ms : Math.min(longest_ms, Math.max(0, Date.parse(next) - now.getTime()) + 1);
    const waited = new AbortController();
    await Promise.race([pause(wait_ms, waited.signal), this.#wake.promise]);
    waited.abort();
  }
}
