import { idleBytes, type MemoryPeak } from "./memory.ts";
import type { BenchEngine, Options } from "./options.ts";
import { safebaseJobs } from "./safebase.ts";
import { startSubject } from "./subject.ts";
import { startSystem } from "./system.ts";
import { warmUp } from "./warm-up.ts";

export interface Growth { readonly engine: BenchEngine; readonly idle_bytes: number; readonly sizes: GrowthAt[] }
export interface GrowthAt { readonly size_bytes: number; readonly backup: MemoryPeak; readonly restore: MemoryPeak }

const SMALL_PART = 40;

/** The memory of one process of SafeBase over a small database, then a large one. */
export async function measureGrowth(engine: BenchEngine, options: Options, signal: AbortSignal, say: (line: string) => void): Promise<Growth> {
  await using system = await startSystem();
  await warmUp(system, engine, signal);
  const idle_bytes = await idleBytes(system.pid, signal);
  const sizes: GrowthAt[] = [];
  for (const size_bytes of [options.size_bytes / SMALL_PART, options.size_bytes]) {
    say(`${engine}: filling a database with about ${size_bytes / 1e6} MB of SQL …`);
    await using subject = await startSubject(engine, size_bytes, signal);
    const jobs = safebaseJobs(system, subject, await system.register(subject.server, subject.db_name), signal);
    const backup = (await jobs.backup.run()).memory as MemoryPeak;
    const restore = (await jobs.restore.run()).memory as MemoryPeak;
    say(`${engine}: backed up and restored`);
    sizes.push({ size_bytes, backup, restore });
  }
  return { engine, idle_bytes, sizes };
}
