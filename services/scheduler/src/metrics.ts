import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface SchedulerMetrics {
  readonly known: Gauge;
  readonly timers: Gauge;
  readonly emitted: Counter<"trigger">;
  readonly lateness_s: Histogram;
  readonly lastTick_s: Gauge<"tick">;
}

export function createSchedulerMetrics(registry: Registry): SchedulerMetrics {
  const registers = [registry];
  const emitted = new Counter({ name: "safebase_scheduler_due_total", help: "Planned times that were emitted, in time or to catch up", labelNames: ["trigger"], registers });
  for (const trigger of ["scheduled", "catch_up"]) emitted.inc({ trigger }, 0); // there from the start: else the first would be no increase
  return {
    emitted,
    known: new Gauge({ name: "safebase_scheduler_schedules", help: "Schedules that are known", registers }),
    timers: new Gauge({ name: "safebase_scheduler_timers", help: "Timers that are armed: one for each distinct expression and time zone", registers }),
    lateness_s: new Histogram({
      name: "safebase_scheduler_lateness_seconds", help: "From the planned time and its jitter until NATS took its event; without what was caught up on",
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10], registers,
    }),
    lastTick_s: new Gauge({ name: "safebase_scheduler_last_tick_timestamp_seconds", help: "When the system's own regular work was last asked for", labelNames: ["tick"], registers }),
  };
}
