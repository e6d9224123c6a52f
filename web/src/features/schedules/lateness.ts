import type { Schedule } from "../../api/types.ts";

/** What begins later than this after its time is worth a word. */
const LATE_MS = 60_000;

/** How long after its planned time a schedule's newest backup began, beyond what it may; undefined when it was in time. */
export function lateness_ms({ last_runs, jitter_s }: Pick<Schedule, "last_runs" | "jitter_s">): number | undefined {
  const run = last_runs.at(-1);
  if (run?.planned_at === null || run === undefined) return undefined;
  const late_ms = Date.parse(run.created_at) - Date.parse(run.planned_at) - jitter_s * 1000;
  return late_ms > LATE_MS ? late_ms : undefined;
}
