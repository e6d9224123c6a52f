import type { Locale } from "./i18n.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;
const AGES = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30.44], ["month", 12], ["year", Infinity]] as const;

/** Numbers, sizes and times as a language writes them. Intl's objects are kept: to make one takes long. */
export function createFormat(locale: Locale) {
  const tag = locale === "en" ? "en-GB" : "fr-FR";
  const whole = new Intl.NumberFormat(tag);
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(tag, { timeStyle: "short" });
  const seconds = new Intl.DateTimeFormat(tag, { dateStyle: "short", timeStyle: "medium" });
  const tenths = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const exact = new Intl.DateTimeFormat(tag, { dateStyle: "full", timeStyle: "long" });
  const day = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat(tag, { month: "short", timeZone: "UTC" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const list = new Intl.ListFormat(tag);
  const sizes = UNITS.map((unit) => [0, 1].map((digits) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: digits })));

  const bytes = (count: number): string => {
    const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
    const value = count / 1000 ** power;
    return sizes[power]![power > 0 && value < 100 ? 1 : 0]!.format(value);
  };
  /** How long something took: two units at most. */
  const duration = (ms: number): string => {
    const s = ms / 1000;
    if (s < 60) return `${new Intl.NumberFormat(tag, { maximumFractionDigits: s < 10 ? 1 : 0 }).format(s)} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
    return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`;
  };
  /** A time as seen from now: "3 hours ago", "in 2 days". */
  const ago = (iso: string, now_ms = Date.now()): string => {
    let value = (Date.parse(iso) - now_ms) / 1000;
    for (const [unit, next] of AGES) {
      if (Math.abs(Math.round(value)) < next) return relative.format(Math.round(value), unit);
      value /= next;
    }
    return moment.format(new Date(iso));
  };
  return {
    bytes, duration, ago,
    rate: (bytes_per_s: number): string => `${bytes(bytes_per_s)}/s`,
    number: (value: number): string => whole.format(value),
    percent: (share: number): string => percent.format(share),
    day: (iso: string): string => day.format(new Date(iso)),
    month: (iso: string): string => month.format(new Date(iso)),
    moment: (iso: string): string => moment.format(new Date(iso)),
    clock: (iso: string): string => clock.format(new Date(iso)),
    /** To the second, for what follows closely. */
    precise: (iso: string): string => seconds.format(new Date(iso)),
    ratio: (value: number): string => tenths.format(value),
    exact: (iso: string): string => exact.format(new Date(iso)),
    list: (items: readonly string[]): string => list.format(items),
    /** A day of the week, counted from Sunday. */
    weekday: (weekday: number, width: "long" | "short"): string => new Intl.DateTimeFormat(tag, { weekday: width, timeZone: "UTC" }).format(Date.UTC(2026, 0, 4 + weekday)), // the fourth was a Sunday
    /** A time as the clocks of a zone show it. */
    zoned: (iso: string, timeZone: string): string => new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone, timeZoneName: "short" }).format(new Date(iso)),
    /** A day such as 2026-03-01, or a month such as 2026-03, of whatever zone. */
    date: (text: string): string => new Intl.DateTimeFormat(tag, { timeZone: "UTC", year: "numeric", month: "long", ...(text.length > 7 ? { day: "numeric" } : {}) }).format(new Date(`${text.padEnd(10, "-01")}T00:00:00Z`)),
  };
}

export type Format = ReturnType<typeof createFormat>;
