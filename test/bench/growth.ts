import { idleBytes, type MemoryPeak } from "./memory.ts";
import type { Context } from "./lab.ts";
import { safebaseJobs, type Jobs } from "./safebase.ts";
import { startBenchServer } from "./subject.ts";
import { startApart, startSystem, type System } from "./system.ts";
import { warmUp } from "./warm-up.ts";

/** The memory of SafeBase over databases of growing size, as one process and of the executor alone. */
export interface Growth { readonly server: string; readonly idle_bytes: Record<Whose, number>; readonly sizes: readonly GrowthAt[] }
export interface GrowthAt { readonly size_bytes: number; readonly peaks: Record<Whose, { readonly backup: MemoryPeak; readonly restore: MemoryPeak }> }

/** All in one process, as `npm start` runs it, or the executor as a process of its own, as in containers. */
export type Whose = "one" | "executor";

/** Ten times as much each time, up to `--size`. */
export async function measureGrowth(context: Context): Promise<Growth> {
  const { signal, options, say } = context;
  await using one = await startSystem();
  await using executor = await startApart();
  const systems: Record<Whose, System> = { one, executor };
  await using server = await startBenchServer("postgresql");
  for (const system of Object.values(systems)) await warmUp(system, server, signal);
  const idle_bytes = await forEach(systems, ({ pid }) => idleBytes(pid, signal));
  const sizes: GrowthAt[] = [];
  for (const size_bytes of [options.size_bytes / 100, options.size_bytes / 10, options.size_bytes]) {
    say(`growth: filling a database with about ${size_bytes / 1e6} MB of SQL …`);
    await using subject = await server.fill("largeTable", size_bytes, signal);
    const peaks = await forEach(systems, async (system) => peaksOf(safebaseJobs(system, subject, await system.register(subject), signal)));
    sizes.push({ size_bytes, peaks });
    say("growth: backed up and restored");
  }
  return { server: `postgresql ${server.info.version}`, idle_bytes, sizes };
}

async function peaksOf(jobs: Jobs): Promise<{ backup: MemoryPeak; restore: MemoryPeak }> {
  const [backup, restore] = [(await jobs.backup()).memory, (await jobs.restore()).memory];
  return { backup: backup as MemoryPeak, restore: restore as MemoryPeak };
}

/** One after the other. */
async function forEach<T>(systems: Record<Whose, System>, ask: (system: System) => Promise<T>): Promise<Record<Whose, T>> {
  return { one: await ask(systems.one), executor: await ask(systems.executor) };
}
