/** When something runs, as it is chosen in words. `time` is "03:00"; days of the week count from Sunday, 0. */
export type When =
  | { readonly kind: "minutes"; readonly every: number }
  | { readonly kind: "hours"; readonly every: number; readonly minute: number }
  | { readonly kind: "days"; readonly times: readonly string[] }
  | { readonly kind: "weekdays"; readonly days: readonly number[]; readonly times: readonly string[] }
  | { readonly kind: "months"; readonly day: number | "last"; readonly times: readonly string[] }
  | { readonly kind: "custom"; readonly cron: string };

export const WORKDAYS: readonly number[] = [1, 2, 3, 4, 5];
/** Those that divide the hour and the day: others would come unevenly. */
export const MINUTES = [1, 2, 5, 10, 15, 20, 30];
export const HOURS = [1, 2, 3, 4, 6, 8, 12];

const NICKNAMES: Record<string, string> = {
  "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
};
const DAY_NAMES = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** What is offered; an expression that says more than it can is `custom`. */
export const KINDS = ["minutes", "hours", "days", "workdays", "weekdays", "months", "custom"] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(when: When): Kind {
  if ("times" in when && when.times.length > 1) return "custom";
  return when.kind === "weekdays" && sameDays(when.days, WORKDAYS) ? "workdays" : when.kind;
}

/** Another kind, with as much of what was said before as fits. */
export function whenOfKind(kind: Kind, before: When): When {
  const times = "times" in before ? before.times.slice(0, 1) : ["03:00"];
  switch (kind) {
    case "minutes": return { kind, every: 15 };
    case "hours": return { kind, every: 6, minute: Number(times[0]?.slice(3)) };
    case "days": return { kind, times };
    case "workdays": return { kind: "weekdays", days: WORKDAYS, times };
    case "weekdays": return { kind, days: before.kind === "weekdays" ? before.days : [6], times };
    case "months": return { kind, day: 1, times };
    case "custom": return { kind, cron: cronOf(before) };
  }
}

/** The expression of what was chosen. */
export function cronOf(when: When): string {
  switch (when.kind) {
    case "minutes": return `${when.every === 1 ? "*" : `*/${when.every}`} * * * *`;
    case "hours": return `${when.minute} ${when.every === 1 ? "*" : `*/${when.every}`} * * *`;
    case "days": return `${clockFields(when.times)} * * *`;
    case "weekdays": return `${clockFields(when.times)} * * ${sameDays(when.days, WORKDAYS) ? "1-5" : when.days.toSorted((a, b) => a - b).join(",")}`;
    case "months": return `${clockFields(when.times)} ${when.day === "last" ? "L" : when.day} * *`;
    case "custom": return when.cron;
  }
}

/** What an expression says, where it is one that can be chosen. */
export function whenOf(cron: string): When {
  const text = cron.trim().replaceAll(/\s+/g, " ");
  const fields = (NICKNAMES[text.toLowerCase()] ?? text).toUpperCase().split(" ");
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const custom: When = { kind: "custom", cron: text };
  if (fields.length !== 5 || month !== "*") return custom;
  if (day === "*" && weekday === "*") return often(minute, hour) ?? daily(minute, hour) ?? custom;
  const times = timesOf(minute, hour);
  if (times === undefined) return custom;
  if (day === "*") {
    const days = daysOf(weekday);
    return days === undefined ? custom : days.length === 7 ? { kind: "days", times } : { kind: "weekdays", days, times };
  }
  if (weekday !== "*") return custom;
  if (day === "L") return { kind: "months", day: "last", times };
  const number = within(day, 1, 31);
  return number === undefined ? custom : { kind: "months", day: number, times };
}

export function sameDays(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((day) => other.includes(day));
}

function often(minute: string, hour: string): When | undefined {
  const every = stepOf(minute, MINUTES);
  if (every !== undefined && hour === "*") return { kind: "minutes", every };
  const [at, hours] = [within(minute, 0, 59), stepOf(hour, HOURS)];
  return at === undefined || hours === undefined ? undefined : { kind: "hours", every: hours, minute: at };
}

function daily(minute: string, hour: string): When | undefined {
  const times = timesOf(minute, hour);
  return times === undefined ? undefined : { kind: "days", times };
}

/** Every so many, of those that can be chosen; a star is each. */
function stepOf(field: string, choices: readonly number[]): number | undefined {
  const every = field === "*" ? 1 : Number(/^\*\/(\d{1,2})$/.exec(field)?.[1]);
  return choices.includes(every) ? every : undefined;
}

function within(field: string, least: number, most: number): number | undefined {
  const value = /^\d{1,2}$/.test(field) ? Number(field) : NaN;
  return value >= least && value <= most ? value : undefined;
}

const MOST_TIMES = 6;

/** Times of the day that share their minute. */
function timesOf(minute: string, hour: string): readonly string[] | undefined {
  const at = within(minute, 0, 59);
  const hours = hour.split(",").map((each) => within(each, 0, 23));
  if (at === undefined || hours.includes(undefined) || hours.length > MOST_TIMES) return undefined;
  return [...new Set(hours as number[])].sort((a, b) => a - b).map((each) => `${two(each)}:${two(at)}`);
}

/** "0 3,15" of 03:00 and 15:00; they share the minute of the first. */
function clockFields(times: readonly string[]): string {
  const [first = "00:00"] = times;
  return `${Number(first.slice(3))} ${times.map((time) => Number(time.slice(0, 2))).join(",")}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Days of the week, as numbers, names and ranges. */
function daysOf(field: string): readonly number[] | undefined {
  const days = field.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(dayOf);
    if (from === undefined || to === undefined || part.split("-").length > 2 || to < from) return [NaN];
    return Array.from({ length: to - from + 1 }, (_, index) => (from + index) % 7);
  });
  return days.some(Number.isNaN) ? undefined : [...new Set(days)].sort((a, b) => a - b);
}

function dayOf(text: string): number | undefined {
  const named = DAY_NAMES.indexOf(text);
  return named >= 0 ? named : within(text, 0, 7);
}
