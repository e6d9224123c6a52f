import { BUCKETS, SERVICES } from "@safebase/contracts";
import { readBucket, type Bus } from "@safebase/runtime";
import type { Gauges } from "./read-gauge.ts";
import { groupsOf } from "./work-gauges.ts";
import type { Facts } from "./facts.ts";

/** Who gave a sign of life lately. */
export interface Alive {
  /** "scheduler.host-12-ab" and the like. */
  readonly services: readonly string[];
  /** The group of each executor. */
  readonly executor_groups: readonly string[];
  /** What the catalog says; without it, groups that have lost their last executor are not known. */
  readonly facts: Facts | undefined;
}

export async function readAlive(bus: Bus, readFacts: () => Promise<Facts | undefined>): Promise<Alive> {
  const [services, executors, facts] = await Promise.all([readAll(bus, BUCKETS.heartbeats), readAll(bus, BUCKETS.executors), readFacts()]);
  const groups = [...executors.keys()].map((key) => key.slice(0, key.indexOf(".")));
  return { services: [...services.keys()], executor_groups: groups, facts };
}

async function readAll(bus: Bus, bucket: string): Promise<Map<string, string>> {
  const { writes } = await readBucket(bus, bucket);
  return new Map(writes.flatMap(({ key, text }) => (text === null ? [] : [[key, text] as const])));
}

export const aliveGauges: Gauges<Alive> = {
  safebase_heartbeats: {
    help: "Gateways, schedulers and notifiers that gave a sign of life in the last 30 seconds",
    read: ({ services }) => SERVICES.map((part) => ({ labels: { part }, value: services.filter((key) => key.startsWith(`${part}.`)).length })),
  },
  safebase_executors_alive: {
    help: "Executors that gave a sign of life in the last 30 seconds; 0 for a group that databases need and that has none",
    read: ({ executor_groups, facts }) => facts === undefined ? undefined : [...new Set([...groupsOf(facts), ...executor_groups])].map((executor_group) => ({
      labels: { executor_group }, value: executor_groups.filter((each) => each === executor_group).length,
    })),
  },
};
