import { backUp, restore as restoreAs, type Job } from "./api.ts";
import { peakDuring } from "./memory.ts";
import { newName, type Subject } from "./subject.ts";
import type { System } from "./system.ts";
import type { Run, Variant } from "./variant.ts";

/** This system's whole jobs on a database: a backup, and a restore of the newest backup under a new name. */
export function safebaseJobs(system: System, subject: Subject, database_id: number, signal: AbortSignal): { backup: Variant; restore: Variant } {
  let newest: Job | undefined;
  const backup = async (): Promise<Run> => {
    const { job, run } = await timed(system, () => backUp(system.client, database_id, signal));
    newest = job;
    return { ...run, size_bytes: job.size ?? 0, raw_size_bytes: job.raw_size ?? null };
  };
  const restore = async (): Promise<Run> => {
    if (newest === undefined) throw new Error("there is no backup to restore yet");
    const { id } = newest;
    await using target = newName(subject.server);
    return (await timed(system, () => restoreAs(system.client, id, target.db_name, signal))).run;
  };
  return { backup: { name: "SafeBase, POST → completed", run: backup }, restore: { name: "SafeBase, POST → completed", run: restore } };
}

async function timed(system: System, act: () => Promise<Job>): Promise<{ job: Job; run: Run }> {
  const from_ms = performance.now();
  let elapsed_ms = 0;
  const { value: job, peak } = await peakDuring(system.pid, async () => {
    const done = await act();
    elapsed_ms = performance.now() - from_ms;
    return done;
  });
  return { job, run: { elapsed_ms, inner_ms: Date.parse(job.finished_at) - Date.parse(job.started_at), memory: peak } };
}
