import { count } from "./count.ts";

const past = (minute: number): string => (minute === 0 ? "on the hour" : `at ${count(minute, "minute", "minutes")} past`);
const ordinal = (day: number): string => `${day}${["th", "st", "nd", "rd"][day % 10 > 3 || (day > 10 && day < 14) ? 0 : day % 10]}`;

/** When things run. */
export const cron = {
  legend: "When it runs", how: "How often", kinds: { minutes: "Every few minutes", hours: "Every few hours", days: "Every day", workdays: "Monday to Friday", weekdays: "On some days of the week", months: "Every month", custom: "Cron expression" },
  interval: "Interval", minutes: (n: number) => (n === 1 ? "every minute" : `every ${n} minutes`), hours: (n: number) => (n === 1 ? "every hour" : `every ${n} hours`), minute: "Minutes past the hour",
  time: "Time of day", weekdays: "Days of the week", day: "Day of the month", last: "the last day", dayNeeded: "Choose at least one day.", zone: "Time zone", expression: "Cron expression", expressionHint: "Minute, hour, day of the month, month, day of the week",
  says: {
    minutes: (n: number) => (n === 1 ? "Every minute" : `Every ${n} minutes`), hours: (n: number, minute: number) => `${n === 1 ? "Every hour" : `Every ${n} hours`}, ${past(minute)}`,
    days: (at: string) => `Every day at ${at}`, workdays: (at: string) => `Monday to Friday at ${at}`, weekdays: (days: string, at: string) => `Every ${days} at ${at}`,
    month: (day: number, at: string) => `On the ${ordinal(day)} of every month at ${at}`, last: (at: string) => `On the last day of every month at ${at}`, custom: (expression: string) => `At the times of ${expression}`,
  },
  short: (day: number) => `Months without a ${ordinal(day)} are left out.`,
  next: "Next runs", skipped: "The clocks skip this time: it runs as they change.", repeated: "The clocks show this time twice: it runs the first time only.", changes: "When the clocks change",
};
