import type { Registry } from "prom-client";
import type { Core } from "../jobs/deps.ts";
import { aliveGauges, readAlive } from "./alive.ts";
import { databaseGauges } from "./database-gauges.ts";
import { readFacts } from "./facts.ts";
import { notificationGauges } from "./notification-gauges.ts";
import { registerGauges } from "./read-gauge.ts";
import { remember } from "./remember.ts";
import { workGauges } from "./work-gauges.ts";

/** Two Prometheus servers that scrape at the same time cost one reading. */
const MAX_AGE_MS = 5_000;
/** Less than the 10 s that Prometheus waits for a page. */
const PATIENCE_MS = 3_000;

/**
 * Registers how things stand, as the catalog and NATS say when they are asked: a few queries for all gauges together.
 * What does not answer leaves gaps, and the other metrics are shown all the same.
 */
export function registerStanding(registry: Registry, core: Pick<Core, "db" | "bus" | "log" | "now">, max_age_ms = MAX_AGE_MS): void {
  const options = { max_age_ms, patience_ms: PATIENCE_MS };
  const facts = remember(() => readFacts(core), {
    ...options, failed: (err) => core.log.warn({ err }, "the catalog does not answer: its metrics are left out"),
  });
  const alive = remember(() => readAlive(core.bus, facts), {
    ...options, failed: (err) => core.log.warn({ err }, "NATS does not answer: who lives is left out of the metrics"),
  });
  registerGauges(registry, facts, { ...databaseGauges, ...workGauges, ...notificationGauges });
  registerGauges(registry, alive, aliveGauges);
}
