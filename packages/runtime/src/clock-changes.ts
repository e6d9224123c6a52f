import { Cron } from "croner";
import { expandCron, isEveryHour, nextPlanned, type Plan } from "./planned.ts";
import { turnedBack_ms, wallClockAt } from "./zone.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LOOKED_AT_DAYS = 366;

/** A planned time that the clocks leap over, so that `at` is the moment of the leap, or that they show twice, of which `at` is the first. */
interface ClockChange {
  readonly at: Date;
  readonly kind: "skipped" | "repeated";
}

/** Where in the year that follows an instant a change of the clocks moves one of a plan's times, the first of each change. */
export function clockChanges(plan: Plan, after: Date): ClockChange[] {
  const cron = expandCron(plan.cron);
  return isEveryHour(cron) ? [] : changesAfter(plan.timezone, after).flatMap((from) => firstMoved({ cron, timezone: plan.timezone }, from, after) ?? []);
}

/** The beginnings of the days in which the clocks are changed. */
function changesAfter(timezone: string, after: Date): Date[] {
  const offset_ms = (at_ms: number): number => wallClockAt(at_ms, timezone) - at_ms;
  const start_ms = Math.floor(after.getTime() / 1000) * 1000;
  const days = Array.from({ length: LOOKED_AT_DAYS }, (_, day) => start_ms + day * DAY_MS);
  return days.filter((day_ms) => offset_ms(day_ms) !== offset_ms(day_ms + DAY_MS)).map((day_ms) => new Date(day_ms));
}

/** Looks a few hours around the day, too: a time that is shown twice may come before the clocks are turned. */
function firstMoved(plan: Plan, from: Date, after: Date): ClockChange | undefined {
  const end_ms = from.getTime() + DAY_MS;
  const begin = new Date(Math.max(after.getTime(), from.getTime() - 3 * HOUR_MS));
  for (let at = nextPlanned(plan, begin); at !== undefined && at.getTime() <= end_ms; at = nextPlanned(plan, at)) {
    const kind = moved(plan, at);
    if (kind !== undefined) return { at, kind };
  }
  return undefined;
}

function moved({ cron, timezone }: Plan, at: Date): ClockChange["kind"] | undefined {
  const at_ms = at.getTime();
  const shown_ms = wallClockAt(at_ms, timezone);
  if (!new Cron(cron, { timezone: "UTC" }).match(new Date(shown_ms))) return "skipped";
  const back_ms = turnedBack_ms(at_ms + 3 * HOUR_MS, timezone);
  return back_ms > 0 && wallClockAt(at_ms + back_ms, timezone) === shown_ms ? "repeated" : undefined;
}
