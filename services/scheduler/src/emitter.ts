import { subjects, type Due } from "@safebase/contracts";
import type { Bus, Log } from "@safebase/runtime";
import type { SchedulerMetrics } from "./metrics.ts";

/** Publishes due events until NATS takes them. A newer one of the same schedule replaces one that still waits. */
export class Emitter implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #metrics: SchedulerMetrics;
  readonly #waiting = new Map<number, AbortController>();
  readonly #publishing = new Set<Promise<void>>();

  constructor(bus: Bus, log: Log, metrics: SchedulerMetrics) {
    this.#bus = bus;
    this.#log = log;
    this.#metrics = metrics;
  }

  emit(scheduleId: number, plannedAt: Date): void {
    this.drop(scheduleId);
    const replaced = new AbortController();
    this.#waiting.set(scheduleId, replaced);
    const publishing = this.#publish(scheduleId, plannedAt, replaced.signal).finally(() => {
      this.#publishing.delete(publishing);
      if (this.#waiting.get(scheduleId) === replaced) this.#waiting.delete(scheduleId);
    });
    this.#publishing.add(publishing);
  }

  /** Takes back what NATS has not taken yet. */
  drop(scheduleId: number): void {
    this.#waiting.get(scheduleId)?.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#waiting.values()) each.abort();
    await Promise.all(this.#publishing);
  }

  async #publish(schedule_id: number, plannedAt: Date, signal: AbortSignal): Promise<void> {
    const planned_at = plannedAt.toISOString();
    const due: Due = { schedule_id, planned_at, emitted_at: new Date().toISOString(), trigger: "scheduled" };
    try {
      await this.#bus.publish(subjects.due(schedule_id), due, { msgId: `${schedule_id}:${planned_at}`, signal });
    } catch (err) {
      return this.#log.error({ err, schedule_id, planned_at }, "a planned time was given up: NATS did not take it in time");
    }
    this.#metrics.emitted.inc();
    this.#metrics.lateness_s.observe((Date.now() - plannedAt.getTime()) / 1000);
    this.#log.info({ schedule_id, planned_at }, "due");
  }
}
