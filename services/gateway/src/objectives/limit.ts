import type { ObjectiveRow, ScheduleTimes } from "../catalog/objectives.ts";
import { gapOf_s } from "./interval.ts";

/** What an objective is held to. */
export interface Limit {
  readonly limit_s: number;
  /** From its schedules, not set by its owner. */
  readonly automatic: boolean;
  /** Nothing can have been expected before: the objective was made then, or its schedule set or resumed. */
  readonly since: string;
}

type Held = Pick<ObjectiveRow, "kind" | "enabled" | "max_age_s" | "created_at">;

/**
 * Its own limit, else twice the interval of the schedule that runs most often; for verifications, of the runs that are
 * proved. Undefined when there is nothing to hold it to. `schedules` are the enabled ones of its database.
 */
export function limitOf(objective: Held, schedules: readonly ScheduleTimes[], now: Date): Limit | undefined {
  if (objective.enabled !== 1) return undefined;
  const automatic = automaticLimit(objective, schedules, now);
  if (objective.max_age_s === null) return automatic;
  return { limit_s: objective.max_age_s, automatic: false, since: automatic?.since ?? objective.created_at };
}

function automaticLimit({ kind, created_at }: Held, schedules: readonly ScheduleTimes[], now: Date): Limit | undefined {
  let tightest: Limit | undefined;
  for (const schedule of schedules) {
    const every = kind === "backup" ? 1 : schedule.verify_every;
    const gap_s = every === null ? undefined : gapOf_s(schedule, now);
    if (every === null || gap_s === undefined) continue;
    const limit_s = 2 * gap_s * every;
    if (tightest !== undefined && tightest.limit_s <= limit_s) continue;
    tightest = { limit_s, automatic: true, since: schedule.effective_from > created_at ? schedule.effective_from : created_at };
  }
  return tightest;
}
