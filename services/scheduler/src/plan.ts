import type { ScheduleEntry } from "@safebase/contracts";
import { Cron } from "croner";

/** When something is due: all schedules that share one have one timer. */
export type Plan = Pick<ScheduleEntry, "cron" | "timezone">;

/** One text for each distinct plan. */
export function planKey({ cron, timezone }: Plan): string {
  return `${cron.trim().replace(/\s+/g, " ")} in ${timezone}`;
}

/**
 * The planned time that follows `after`, exactly as the expression says it: undefined when there is none. Of several
 * that have passed by `now`, while this process or its machine slept, the newest stands for all.
 * Throws for an expression or a time zone that does not exist.
 */
export function nextPlanned(plan: Plan, after: Date, now: Date): Date | undefined {
  const cron = new Cron(plan.cron, { timezone: plan.timezone });
  const next = cron.nextRun(after);
  if (next === null) return undefined;
  if (next > now) return next;
  const missed = cron.previousRuns(1, now)[0];
  return missed !== undefined && missed > next ? missed : next;
}
