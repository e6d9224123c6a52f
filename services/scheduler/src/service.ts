import { pause, startHeartbeat, type Position, type ServiceContext, type StartService } from "@safebase/runtime";
import { Book, newestOf } from "./book.ts";
import { Emitter } from "./emitter.ts";
import { createSchedulerMetrics, type SchedulerMetrics } from "./metrics.ts";
import { readSchedules, watchSchedules, type Reading } from "./schedules.ts";
import { startTicks } from "./ticks.ts";
import { Timetable } from "./timetable.ts";
import { Watermark } from "./watermark.ts";

const SYNC_EVERY_MS = 5_000;
const SYNC_RETRY_MS = 1_000;
const SETTLE_MS = 100; // one reading for changes that come together, after the last of them is stored

/** Turns the schedules of the bucket into due events at their planned times, and ticks. Knows no database and no user. */
export const startScheduler: StartService = async (config, context) => {
  await using stack = new AsyncDisposableStack();
  const metrics = createSchedulerMetrics(context.metrics);
  stack.use(startHeartbeat(context.bus, "scheduler"));
  stack.use(await startTicks(context.bus, context.log, metrics));
  const scheduler = stack.use(new Scheduler(context, metrics, 2 * config.reconcile_s * 1000));
  await scheduler.sync().catch((err: unknown) => context.log.warn({ err }, "the schedules could not be read yet"));
  scheduler.start();
  const owned = stack.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

class Scheduler implements AsyncDisposable {
  readonly #context: ServiceContext;
  readonly #grace_ms: number;
  readonly #metrics: SchedulerMetrics;
  readonly #watermark: Watermark;
  readonly #emitter: Emitter;
  readonly #timetable: Timetable;
  readonly #watch: Disposable;
  readonly #book = new Book();
  readonly #stop = new AbortController();
  #bad: ReadonlyMap<string, unknown> = new Map();
  #changed = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #position: Position | undefined;
  /** Of the bucket, when all of it was read the last time. */
  #readAtAge_ms = 0;
  /** Every schedule that was in the bucket then is known, and armed. */
  #knownAsOf: Date | undefined;

  constructor(context: ServiceContext, metrics: SchedulerMetrics, grace_ms: number) {
    this.#context = context;
    this.#grace_ms = grace_ms;
    this.#metrics = metrics;
    this.#watermark = new Watermark(context.bus);
    this.#emitter = new Emitter(context.bus, context.log, metrics, this.#watermark);
    this.#timetable = new Timetable(context.log, (key, plannedAt) => this.#due(key, plannedAt));
    this.#watch = watchSchedules(context.bus, () => this.#changed.abort());
  }

  start(): void {
    this.#loop = this.#keepInSync();
  }

  /** Learns what has changed, runs what timers have slept through, and moves the watermark on. */
  async sync(): Promise<void> {
    const asked_at = new Date();
    const reading = await readSchedules(this.#context.bus, this.#isToBeReadAgain(asked_at) ? undefined : this.#position);
    await this.#take(reading);
    await this.#timetable.runOverdue(new Date());
    this.#knownAsOf = asked_at;
    await this.#confirm();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#watch[Symbol.dispose]();
    await this.#loop;
    await this.#emitter[Symbol.asyncDispose]();
    if (this.#context.bus.connected) await this.#confirm().catch((err: unknown) => this.#context.log.debug({ err }, "the watermark stays behind"));
    await this.#timetable[Symbol.asyncDispose]();
  }

  /** Once a bucket has had its time to be filled: see `Book`. */
  #isToBeReadAgain(now: Date): boolean {
    return this.#position !== undefined && this.#readAtAge_ms <= this.#grace_ms && now.getTime() - Date.parse(this.#position.created) > this.#grace_ms;
  }

  async #take(reading: Reading): Promise<void> {
    this.#complain(reading);
    const now = new Date();
    const { fresh, stale } = this.#book.take(reading, this.#grace_ms);
    for (const id of stale) this.#emitter.drop(id);
    const lost = this.#position !== undefined && this.#position.created !== reading.position.created;
    if (lost) this.#emitter.forget(); // with the bucket NATS has lost events, perhaps before the gateway saw them
    for (const emission of newestOf(lost ? this.#book.schedules : fresh, now)) this.#emitter.offer(emission);
    if (fresh.length > 0 || stale.length > 0) await this.#timetable.set(this.#book.plans, now);
    this.#position = reading.position;
    if (reading.whole) this.#readAtAge_ms = reading.age_ms;
    this.#metrics.known.set(this.#book.size);
    this.#metrics.timers.set(this.#timetable.size);
  }

  /** Once for each text, not at every reading. */
  #complain({ whole, bad }: Reading): void {
    for (const [entry, err] of bad) {
      if (!this.#bad.has(entry)) this.#context.log.error({ err, entry }, "a schedule cannot be understood, it does not run");
    }
    this.#bad = whole ? bad : new Map([...this.#bad, ...bad]);
  }

  #due(key: string, plannedAt: Date): void {
    let schedules = 0;
    for (const emission of this.#book.dueAt(key, plannedAt)) {
      this.#emitter.offer(emission);
      schedules++;
    }
    this.#context.log.info({ plan: key, planned_at: plannedAt.toISOString(), schedules }, "due");
  }

  /** Moves the watermark up to the first planned time that is still to be emitted. */
  async #confirm(): Promise<void> {
    if (this.#knownAsOf === undefined) return;
    const until_ms = Math.min(this.#knownAsOf.getTime(), this.#timetable.earliest_ms - 1, this.#emitter.earliest_ms - 1);
    await this.#watermark.advance(new Date(until_ms), new Date());
  }

  /** After each change, each loss of the connection, and every few seconds. */
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
