/** A day, and how its backups ended. */
export interface DayOutcome { readonly date: string; readonly completed: number; readonly failed: number }

export type Outcome = "none" | "good" | "some" | "failed";

export function outcomeOf({ completed, failed }: DayOutcome): Outcome {
  if (failed === 0) return completed === 0 ? "none" : "good";
  return completed === 0 ? "failed" : "some";
}

/** Days of a week, counted from Monday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** In which column, counted from 0, each month begins that has room for its name. */
export function monthsOf(days: readonly Pick<DayOutcome, "date">[]): { readonly date: string; readonly column: number }[] {
  const offset = weekdayOf(days[0]?.date ?? "1970-01-01");
  const begun = days.flatMap(({ date }, index) => (date.endsWith("-01") ? [{ date, column: Math.floor((index + offset) / 7) }] : []));
  const columns = Math.ceil((days.length + offset) / 7);
  return begun.filter(({ column }) => column <= columns - 2);
}

/** The next day with a backup in a direction; where there is none, the same. */
export function nextWith(days: readonly DayOutcome[], from: number, step: number): number {
  for (let index = from + step; index >= 0 && index < days.length; index += step) {
    if (outcomeOf(days[index]!) !== "none") return index;
  }
  return from;
}
