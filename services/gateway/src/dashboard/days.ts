import { firstInstant, wallClockAt } from "@safebase/runtime";
import type { Span } from "../catalog/day-counts.ts";

const DAY_MS = 86_400_000;

/** A day as the clocks of a time zone have it, whatever they do at its beginning. */
export interface Day extends Span { readonly date: string }

/** Is it a name such as Europe/Paris? An offset such as +02:00 knows nothing of summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false; // which is the answer
  }
}

/** The last so many days of a time zone, today the last. */
export function lastDays(count: number, time_zone: string, now: Date): Day[] {
  const today_ms = Math.floor(wallClockAt(now.getTime(), time_zone) / DAY_MS) * DAY_MS;
  const midnights = Array.from({ length: count + 1 }, (_, index) => today_ms + (index + 1 - count) * DAY_MS);
  const starts = midnights.map((midnight_ms) => new Date(firstInstant(midnight_ms, time_zone)).toISOString());
  return midnights.slice(0, count).map((midnight_ms, index) => ({ date: new Date(midnight_ms).toISOString().slice(0, 10), since: starts[index]!, until: starts[index + 1]! }));
}
