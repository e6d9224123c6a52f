import { safebaseJobs } from "./safebase.ts";
import type { BenchServer } from "./subject.ts";
import type { System } from "./system.ts";

const WARM_UP_BYTES = 1e6;

/** A backup and a restore of a tiny database: what is loaded at the first use is loaded, and idle means idle. */
export async function warmUp(system: System, server: BenchServer, signal: AbortSignal): Promise<void> {
  await using subject = await server.fill("shop", WARM_UP_BYTES, signal);
  const { backup, restore } = safebaseJobs(system, subject, await system.register(subject), signal);
  await backup();
  await restore();
}
