export const TIERS = ["daily", "weekly", "monthly", "yearly"] as const;
export type Tier = (typeof TIERS)[number];

/** The day, ISO week, month and year in which a moment lies, as labels that sort. */
export type Periods = Readonly<Record<Tier, string>>;

/** Says in which periods of a time zone a moment lies. Throws when there is no such zone. */
export function calendarOf(timezone: string): (at: string) => Periods {
  const format = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" });
  return (at) => {
    const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
    const year = String(parts.get("year")).padStart(4, "0");
    const monthly = `${year}-${parts.get("month")}`;
    const daily = `${monthly}-${parts.get("day")}`;
    return { daily, weekly: isoWeekOf(daily), monthly, yearly: year };
  };
}

const DAY_MS = 86_400_000;

/** The ISO week of a date: the year that has its Thursday counts it. */
function isoWeekOf(date: string): string {
  const day_ms = Date.parse(`${date}T00:00:00Z`);
  const fromMonday = (new Date(day_ms).getUTCDay() + 6) % 7;
  const thursday = new Date(day_ms + (3 - fromMonday) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
}
