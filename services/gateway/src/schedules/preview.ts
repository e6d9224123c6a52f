import { clockChanges, nextPlannedTimes, type Plan } from "@safebase/runtime";
import type { Deps } from "../jobs/deps.ts";
import { checkedPlan, longestJitter_s } from "./cron.ts";

const SHOWN = 5;

/** When a plan would run, in its one spelling, and where a change of the clocks moves it. Throws `bad_request`, naming the field. */
export function previewSchedule(deps: Pick<Deps, "now">, input: { cron: string; timezone?: string | undefined }) {
  const now = deps.now();
  const plan: Plan = checkedPlan({ cron: input.cron, timezone: input.timezone ?? "UTC" }, now);
  return {
    ...plan, next_runs: nextPlannedTimes(plan, now, SHOWN).map((at) => at.toISOString()), longest_jitter_s: Math.min(longestJitter_s(plan, now), MOST_JITTER_S),
    clock_changes: clockChanges(plan, now).map(({ at, kind }) => ({ at: at.toISOString(), kind })),
  };
}

/** What the API takes at most. */
export const MOST_JITTER_S = 3_600;
