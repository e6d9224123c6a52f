import { backUp, restore as restoreAs, type Job } from "./api.ts";
import { peakDuring } from "./memory.ts";
import { newName, type Subject } from "./subject.ts";
import type { System } from "./system.ts";
import type { Run } from "./variant.ts";
import type { Json } from "../client.ts";

/** SafeBase's whole jobs on a database: a backup, and a restore of the newest backup under a new name. */
export interface Jobs { readonly backup: () => Promise<Run>; readonly restore: () => Promise<Run> }

/** `order` goes into the body of each backup. */
export function safebaseJobs(system: System, subject: Subject, database_id: number, signal: AbortSignal, order: Json = {}): Jobs {
  let newest: Job | undefined;
  return {
    async backup() {
      const { job, run } = await timed(system, () => backUp(system.client, database_id, order, signal));
      newest = job;
      return { ...run, size_bytes: job.size ?? 0, raw_size_bytes: job.raw_size ?? null };
    },
    async restore() {
      if (newest === undefined) throw new Error("there is no backup to restore yet");
      const { id } = newest;
      await using target = newName(subject.server);
      return (await timed(system, () => restoreAs(system.client, id, target.db_name, signal))).run;
    },
  };
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
