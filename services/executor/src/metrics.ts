import { ERROR_CODES } from "@safebase/contracts";
import type { Config } from "@safebase/runtime";
import { Counter, Gauge, type Registry } from "prom-client";
import type { RunningJobs } from "./jobs/running.ts";

export interface ExecutorMetrics { readonly probes: Counter<"outcome"> }

/** What of an executor can be measured while its jobs run; how they end is counted by the gateway. */
export function createExecutorMetrics(
  registry: Registry, running: RunningJobs, { executor_group, executor_concurrency }: Pick<Config, "executor_group" | "executor_concurrency">,
): ExecutorMetrics {
  const labelNames = ["executor_group"];
  registry.registerMetric(new Gauge({
    name: "safebase_executor_running_jobs", help: "Jobs that this executor runs now", labelNames, registers: [],
    collect() { this.set({ executor_group }, running.ids.length); },
  }));
  new Gauge({ name: "safebase_executor_slots", help: "Jobs that this executor can run at once", labelNames, registers: [registry] }).set({ executor_group }, executor_concurrency);
  const probes = new Counter({ name: "safebase_executor_probes_total", help: "Servers that were asked what they are, by ok or the error's code", labelNames: ["outcome"], registers: [registry] });
  for (const outcome of ["ok", ...ERROR_CODES]) probes.inc({ outcome }, 0);
  return { probes };
}
