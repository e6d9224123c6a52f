import { subjects, type Due } from "@safebase/contracts";
import { pause, Publisher, type Bus, type Log } from "@safebase/runtime";
import { CATCH_UP_AFTER_MS, triggerOf, wasEmitted, type Emission } from "./catch-up.ts";
import type { SchedulerMetrics } from "./metrics.ts";
import type { Watermark } from "./watermark.ts";

/** So many events are on their way to NATS at a time. */
const CONCURRENCY = 128;
const RETRY_MS = 250;
/** Held ones are looked at again after so long at most, for the clock may be set meanwhile, and not more often than that. */
const [LONGEST_HOLD_MS, SHORTEST_HOLD_MS] = [1_000, 20];

/** Publishes due events, each from its moment on until NATS takes it. A newer one of a schedule replaces one that still waits. */
export class Emitter implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #metrics: SchedulerMetrics;
  readonly #watermark: Watermark;
  readonly #stop = new AbortController();
  /** By schedule: what waits for its moment, what has come, what is on its way, and the newest that NATS has. */
  readonly #held = new Map<number, Emission>();
  readonly #ready = new Map<number, Emission>();
  readonly #sending = new Map<number, Emission>();
  readonly #done = new Map<number, number>();
  readonly #dropped = new WeakSet<Emission>();
  readonly #publisher: Publisher;
  readonly #idle = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bus: Bus, log: Log, metrics: SchedulerMetrics, watermark: Watermark) {
    this.#bus = bus;
    this.#log = log;
    this.#metrics = metrics;
    this.#watermark = watermark;
    this.#publisher = new Publisher(bus);
  }

  /** Nothing is done for what is on its way already, or is not newer than what NATS has. */
  offer(emission: Emission): void {
    const { schedule: { schedule_id: id }, planned_at } = emission;
    if (planned_at.getTime() <= (this.#done.get(id) ?? 0)) return;
    for (const map of [this.#held, this.#ready, this.#sending]) if ((map.get(id)?.planned_at ?? 0) >= planned_at) return;
    this.#ready.delete(id);
    this.#held.set(id, emission);
    this.#hold(0);
  }

  /** Takes back what NATS has not taken yet. */
  drop(scheduleId: number): void {
    this.#held.delete(scheduleId);
    this.#ready.delete(scheduleId);
    const sending = this.#sending.get(scheduleId);
    if (sending !== undefined) this.#dropped.add(sending);
  }

  /** NATS has lost what it had. */
  forget(): void {
    this.#done.clear();
  }

  /** Everything that was due before has been taken by NATS. */
  get earliest_ms(): number {
    let least = Infinity;
    for (const map of [this.#held, this.#ready, this.#sending]) for (const { due_at } of map.values()) least = Math.min(least, due_at.getTime());
    return least;
  }

  /** Waits for what is on its way; what waits is kept, so that `earliest_ms` stays true, but not sent any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    if (this.#sending.size > 0) await this.#idle.promise;
    this.#publisher[Symbol.dispose]();
  }

  #hold(wait_ms: number): void {
    if (this.#stop.signal.aborted || (this.#timer !== undefined && wait_ms > 0)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#release();
    }, wait_ms);
  }

  /** Lets go what has come to its moment. */
  #release(): void {
    const now_ms = Date.now();
    let next_ms = Infinity;
    for (const [id, emission] of this.#held) {
      const in_ms = emission.due_at.getTime() - now_ms;
      if (in_ms > 0) next_ms = Math.min(next_ms, in_ms);
      else {
        this.#held.delete(id);
        this.#ready.set(id, emission);
      }
    }
    if (next_ms < Infinity) this.#hold(Math.max(SHORTEST_HOLD_MS, Math.min(LONGEST_HOLD_MS, next_ms)));
    this.#send();
  }

  #send(): void {
    for (const [id, emission] of this.#ready) {
      if (this.#sending.size >= CONCURRENCY || this.#stop.signal.aborted) return;
      if (this.#sending.has(id)) continue;
      this.#ready.delete(id);
      this.#sending.set(id, emission);
      void this.#publish(id, emission);
    }
  }

  async #publish(id: number, emission: Emission): Promise<void> {
    try {
      if (!await this.#isKnown(emission)) await this.#tell(id, emission);
      this.#done.set(id, emission.planned_at.getTime());
    } catch (err) {
      this.#log.debug({ err, schedule_id: id }, "NATS did not take a due event, it is tried again");
      if (!this.#held.has(id) && !this.#ready.has(id) && !this.#dropped.has(emission)) this.#ready.set(id, emission);
      await pause(RETRY_MS, this.#stop.signal);
      await this.#bus.ensure().catch((cause: unknown) => this.#log.debug({ err: cause }, "NATS is not ready"));
    }
    this.#sending.delete(id);
    if (this.#sending.size === 0 && this.#stop.signal.aborted) this.#idle.resolve();
    this.#send();
  }

  /** Only what comes late may have been emitted by another, or before; the rest NATS sorts out by its id. */
  async #isKnown(emission: Emission): Promise<boolean> {
    const now = new Date();
    if (now.getTime() - emission.due_at.getTime() <= CATCH_UP_AFTER_MS) return false;
    return wasEmitted(emission, await this.#watermark.read(), now);
  }

  async #tell(schedule_id: number, emission: Emission): Promise<void> {
    const now = new Date();
    const planned_at = emission.planned_at.toISOString();
    const due: Due = { schedule_id, planned_at, emitted_at: now.toISOString(), trigger: triggerOf(emission, now) };
    const fresh = await this.#publisher.publish(subjects.due(schedule_id), JSON.stringify(due), `${schedule_id}:${planned_at}`);
    if (!fresh) return;
    this.#metrics.emitted.inc({ trigger: due.trigger });
    if (due.trigger === "scheduled") this.#metrics.lateness_s.observe((Date.now() - emission.due_at.getTime()) / 1000);
    else this.#log.info({ schedule_id, planned_at }, "caught up on a planned time");
  }
}
