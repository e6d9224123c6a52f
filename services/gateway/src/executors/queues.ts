import { prepareQueue } from "@safebase/runtime";
import type { Core } from "../jobs/deps.ts";
import { readHeartbeats } from "../watch/heartbeats.ts";

/** By connection, for NATS may have lost everything with the one before: the groups whose queue is known to be there. */
const prepared = new WeakMap<AbortSignal, Set<string>>();

/** Sees to it that the executors of a group can take its commands. Once for each connection. */
export async function prepareQueueOnce(core: Pick<Core, "bus">, group: string): Promise<void> {
  const { line } = core.bus;
  const known = prepared.get(line) ?? new Set();
  if (known.has(group)) return;
  await prepareQueue(core.bus, group);
  prepared.set(line, known.add(group));
}

/** The same for every group that has an executor, and for our own, at once: so they wait for no first command. */
export async function prepareQueues(core: Pick<Core, "bus" | "config">): Promise<void> {
  const { executors } = await readHeartbeats(core.bus);
  const groups = new Set([core.config.executor_group, ...executors.flatMap(({ beat }) => (beat === undefined ? [] : [beat.group]))]);
  for (const group of groups) await prepareQueue(core.bus, group);
}
