/** Spans of days that are asked for often, by the reader's own calendar. */
export const PERIODS = ["today", "week", "month", "year"] as const;
export type PeriodName = (typeof PERIODS)[number];

const DAYS: Record<Exclude<PeriodName, "year">, number> = { today: 0, week: 6, month: 29 };

/** From when on. */
export function beginOf(name: PeriodName, now: Date): Date {
  if (name === "year") return new Date(now.getFullYear(), 0, 1);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS[name]);
}

/** A moment of an address: an instant, or a day of the reader's calendar, whose end is meant where it is the last one. */
export function momentOf(text: string | undefined, which: "first" | "last"): Date | undefined {
  if (text === undefined) return undefined;
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day === null) return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? valid(new Date(text)) : undefined;
  const [year = 0, month = 0, date = 0] = day.slice(1).map(Number);
  const begin = new Date(year, month - 1, date);
  if (begin.getMonth() !== month - 1) return undefined; // there is no such day
  return which === "first" ? begin : new Date(year, month - 1, date + 1);
}

function valid(moment: Date): Date | undefined {
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

/** The day that a field for days shows for it. */
export function dayOf(text: string | undefined, which: "first" | "last"): string {
  const moment = momentOf(text, which);
  if (moment === undefined || text === undefined) return "";
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const shown = which === "first" ? moment : new Date(moment.getTime() - 1);
  return `${shown.getFullYear()}-${String(shown.getMonth() + 1).padStart(2, "0")}-${String(shown.getDate()).padStart(2, "0")}`;
}
