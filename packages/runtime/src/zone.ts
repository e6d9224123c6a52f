const SECOND_MS = 1_000;
/** No change of the clocks moves them by more. */
const WIDEST_CHANGE_MS = 3 * 3_600_000;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("en", {
      timeZone: timezone, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    });
    clocks.set(timezone, clock);
  }
  return clock;
}

/**
 * What the clocks of a time zone show at an instant, written as the instant at which those of UTC show the same.
 * Throws a RangeError for a time zone that does not exist.
 */
export function wallClockAt(at_ms: number, timezone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of clockOf(timezone).formatToParts(at_ms)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
}

function offset_ms(at_ms: number, timezone: string): number {
  return wallClockAt(at_ms, timezone) - Math.floor(at_ms / SECOND_MS) * SECOND_MS;
}

/** By how much the clocks were turned back in the last hours before an instant; 0 when they were not. */
export function turnedBack_ms(at_ms: number, timezone: string): number {
  return Math.max(0, offset_ms(at_ms - WIDEST_CHANGE_MS, timezone) - offset_ms(at_ms, timezone));
}

/** The first instant at which the clocks show a time, or, when they leap over it, the instant of the leap. */
export function firstInstant(wallClock_ms: number, timezone: string): number {
  const about_ms = wallClock_ms - offset_ms(wallClock_ms, timezone);
  const [before, after] = [offset_ms(about_ms - WIDEST_CHANGE_MS, timezone), offset_ms(about_ms + WIDEST_CHANGE_MS, timezone)];
  if (before === after) return wallClock_ms - before;
  for (const offset of [before, after]) {
    if (offset_ms(wallClock_ms - offset, timezone) === offset) return wallClock_ms - offset;
  }
  return leapBetween(wallClock_ms - after, wallClock_ms - before, timezone);
}

/** The second at which the offset changes, which it does once between the two. */
function leapBetween(from_ms: number, to_ms: number, timezone: string): number {
  const before = offset_ms(from_ms, timezone);
  let [low, high] = [Math.floor(from_ms / SECOND_MS), Math.ceil(to_ms / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset_ms(middle * SECOND_MS, timezone) === before) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
