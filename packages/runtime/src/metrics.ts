import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Bus } from "./bus.ts";
import { VERSION } from "./config.ts";

/** The registry of a process, under the name of its service, with Node's own metrics in it. */
export function createMetrics(service: string): Registry {
  const registry = createServiceMetrics(service);
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * A registry of one service among several in a process; Node's own metrics are the process's. The pages of `beside`
 * are shown with its own.
 */
export function createServiceMetrics(service: string, beside: readonly Registry[] = []): Registry {
  const registry = beside.length === 0 ? new Registry() : new JoinedRegistry(beside);
  registry.setDefaultLabels({ service });
  return registry;
}

/** What every service tells of itself: its version, and how it stands with NATS. */
export function observeService(registry: Registry, bus: Bus): void {
  const registers = [registry];
  new Gauge({ name: "safebase_build_info", help: "Always 1: the version that runs, and Node's", labelNames: ["version", "node"], registers })
    .set({ version: VERSION, node: process.version }, 1);
  registry.registerMetric(new Gauge({
    name: "safebase_nats_connected", help: "1 while the service is connected to NATS", registers: [],
    collect() { this.set(bus.connected ? 1 : 0); },
  }));
  registry.registerMetric(new Counter({
    name: "safebase_nats_reconnects_total", help: "Times that the connection to NATS was lost and came back", registers: [],
    collect() { this.reset(); this.inc(bus.reconnects); },
  }));
}

/** One page for several registries. A metric that more than one of them has is described once, as the format asks for. */
class JoinedRegistry extends Registry {
  readonly #beside: readonly Registry[];

  constructor(beside: readonly Registry[]) {
    super();
    this.#beside = beside;
  }

  override async metrics(): Promise<string> {
    return joinPages(await Promise.all([super.metrics(), ...this.#beside.map((registry) => registry.metrics())]));
  }
}

function joinPages(pages: readonly string[]): string {
  const metrics = new Map<string, string[]>();
  for (const block of pages.flatMap((page) => page.trim().split("\n\n"))) {
    const [help = "", type = "", ...series] = block.split("\n");
    const head = `${help}\n${type}`;
    metrics.set(head, [...metrics.get(head) ?? [], ...series]);
  }
  return [...metrics].map(([head, series]) => [head, ...series].join("\n")).join("\n\n").concat("\n");
}
