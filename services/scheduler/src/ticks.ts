import { subjects, type Tick, type TickName } from "@safebase/contracts";
import type { Bus, Log, Plan } from "@safebase/runtime";
import type { SchedulerMetrics } from "./metrics.ts";
import { Timetable } from "./timetable.ts";

const PLANS: Record<TickName, Plan> = {
  retention: { cron: "17 * * * *", timezone: "UTC" },
  objectives: { cron: "* * * * *", timezone: "UTC" },
  sweep: { cron: "*/10 * * * *", timezone: "UTC" },
  storage_check: { cron: "*/5 * * * *", timezone: "UTC" },
  check: { cron: "17 2 * * *", timezone: "UTC" },
  catalog_backup: { cron: "43 1 * * *", timezone: "UTC" },
  servers: { cron: "4-59/10 * * * *", timezone: "UTC" },
};

/**
 * Asks for the regular work of the system itself, until disposal. On a timetable of its own: whatever users schedule,
 * it comes.
 */
export async function startTicks(bus: Bus, log: Log, metrics: SchedulerMetrics): Promise<AsyncDisposable> {
  const ticker = new Ticker(bus, log, metrics);
  await ticker.start();
  return ticker;
}

class Ticker implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #metrics: SchedulerMetrics;
  readonly #timetable: Timetable;
  readonly #waiting = new Map<TickName, AbortController>();
  readonly #publishing = new Set<Promise<void>>();

  constructor(bus: Bus, log: Log, metrics: SchedulerMetrics) {
    this.#bus = bus;
    this.#log = log;
    this.#metrics = metrics;
    this.#timetable = new Timetable(log, (name, plannedAt) => this.#tick(name as TickName, plannedAt));
  }

  async start(): Promise<void> {
    const now = new Date();
    await this.#timetable.set(new Map(Object.entries(PLANS)), now);
    this.#tick("storage_check", now); // so that nobody waits for the first figures
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#timetable[Symbol.asyncDispose]();
    for (const waiting of this.#waiting.values()) waiting.abort();
    await Promise.all(this.#publishing);
  }

  /** One that NATS has not taken when the next one comes is left out. */
  #tick(name: TickName, plannedAt: Date): void {
    this.#waiting.get(name)?.abort();
    const replaced = new AbortController();
    this.#waiting.set(name, replaced);
    const publishing = this.#publish(name, plannedAt, replaced.signal).finally(() => this.#publishing.delete(publishing));
    this.#publishing.add(publishing);
  }

  async #publish(name: TickName, plannedAt: Date, signal: AbortSignal): Promise<void> {
    const tick: Tick = { name, planned_at: plannedAt.toISOString() };
    try {
      await this.#bus.publish(subjects.tick(name), tick, { msgId: `tick:${name}:${tick.planned_at}`, signal });
      this.#metrics.lastTick_s.set({ tick: name }, Date.now() / 1000);
    } catch (err) {
      if (signal.aborted) return this.#log.debug({ err, tick: name }, "a tick was left out");
      this.#log.error({ err, tick: name }, "a tick could not be emitted");
    }
  }
}
