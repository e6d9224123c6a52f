import type { BenchEngine } from "./options.ts";
import { safebaseJobs } from "./safebase.ts";
import { startSubject } from "./subject.ts";
import type { System } from "./system.ts";

const WARM_UP_BYTES = 1e6;

/** A backup and a restore of a tiny database: what is loaded at the first use is loaded, and idle means idle. */
export async function warmUp(system: System, engine: BenchEngine, signal: AbortSignal): Promise<void> {
  await using subject = await startSubject(engine, WARM_UP_BYTES, signal);
  const { backup, restore } = safebaseJobs(system, subject, await system.register(subject.server, subject.db_name), signal);
  await backup.run();
  await restore.run();
}
