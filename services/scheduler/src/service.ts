import type { ScheduleEntry } from "@safebase/contracts";
import { pause, type ServiceContext, type StartService } from "@safebase/runtime";
import { Emitter } from "./emitter.ts";
import { createSchedulerMetrics, type SchedulerMetrics } from "./metrics.ts";
import { planKey } from "./plan.ts";
import { merge, readSchedules, watchSchedules } from "./schedules.ts";
import { Timetable } from "./timetable.ts";

const SYNC_EVERY_MS = 30_000;
const SYNC_RETRY_MS = 1_000;
const SETTLE_MS = 100; // one reading for changes that come together, after the last of them is stored

/** Turns the schedules of the bucket into due events at their planned times. Knows no database and no user. */
export const startScheduler: StartService = async (config, context) => {
  await using stack = new AsyncDisposableStack();
  const scheduler = new Scheduler(context, 2 * config.reconcile_s * 1000);
  stack.use(scheduler);
  await scheduler.sync().catch((err: unknown) => context.log.warn({ err }, "the schedules could not be read yet"));
  scheduler.start();
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

class Scheduler implements AsyncDisposable {
  readonly #context: ServiceContext;
  readonly #grace_ms: number;
  readonly #metrics: SchedulerMetrics;
  readonly #emitter: Emitter;
  readonly #timetable: Timetable;
  readonly #watch: Disposable;
  readonly #stop = new AbortController();
  #schedules = new Map<number, ScheduleEntry>();
  #bad: ReadonlyMap<string, unknown> = new Map();
  #changed = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(context: ServiceContext, grace_ms: number) {
    this.#context = context;
    this.#grace_ms = grace_ms;
    this.#metrics = createSchedulerMetrics(context.metrics);
    this.#emitter = new Emitter(context.bus, context.log, this.#metrics);
    this.#timetable = new Timetable(context.log, (key, plannedAt) => this.#due(key, plannedAt));
    this.#watch = watchSchedules(context.bus, () => this.#changed.abort());
  }

  start(): void {
    this.#loop = this.#keepInSync();
  }

  async sync(): Promise<void> {
    const snapshot = await readSchedules(this.#context.bus);
    this.#complain(snapshot.bad);
    const schedules = merge(this.#schedules, snapshot, this.#grace_ms);
    for (const id of this.#schedules.keys()) if (!schedules.has(id)) this.#emitter.drop(id);
    this.#schedules = schedules;
    await this.#timetable.set(schedules.values());
    this.#metrics.known.set(schedules.size);
    this.#metrics.timers.set(this.#timetable.size);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#watch[Symbol.dispose]();
    await this.#loop;
    await this.#timetable[Symbol.asyncDispose]();
    await this.#emitter[Symbol.asyncDispose]();
  }

  /** Once for each text, not at every reading. */
  #complain(bad: ReadonlyMap<string, unknown>): void {
    for (const [entry, err] of bad) {
      if (!this.#bad.has(entry)) this.#context.log.error({ err, entry }, "a schedule cannot be understood, it does not run");
    }
    this.#bad = bad;
  }

  #due(key: string, plannedAt: Date): void {
    for (const [id, entry] of this.#schedules) if (planKey(entry) === key) this.#emitter.emit(id, plannedAt);
  }

  /** Reads again after each change, each loss of the connection, and every half a minute. */
  async #keepInSync(): Promise<void> {
    const stop = this.#stop.signal;
    for (let wait_ms = SYNC_EVERY_MS; !stop.aborted;) {
      await pause(wait_ms, AbortSignal.any([stop, this.#changed.signal, ...(this.#context.bus.connected ? [this.#context.bus.line] : [])]));
      await pause(SETTLE_MS, stop);
      if (stop.aborted) return;
      this.#changed = new AbortController();
      try {
        await this.sync();
        wait_ms = SYNC_EVERY_MS;
      } catch (err) {
        this.#context.log.debug({ err }, "the schedules could not be read, trying again");
        wait_ms = SYNC_RETRY_MS;
      }
    }
  }
}
