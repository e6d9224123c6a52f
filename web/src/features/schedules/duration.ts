import { t } from "../../i18n/i18n.ts";

export const UNITS = ["minute", "hour", "day", "week"] as const;
export type Unit = (typeof UNITS)[number];
const SECONDS: Record<Unit, number> = { minute: 60, hour: 3_600, day: 86_400, week: 604_800 };

/** The largest unit that says it in a whole number; what no minute divides is told in minutes, rounded. */
export function unitOf(seconds: number): Unit {
  return UNITS.toReversed().find((unit) => seconds > 0 && seconds % SECONDS[unit] === 0) ?? "minute";
}

export function amountOf(seconds: number, unit: Unit): number {
  return Math.max(1, Math.round(seconds / SECONDS[unit]));
}

export function secondsOf(amount: number, unit: Unit): number {
  return amount * SECONDS[unit];
}

/** How long, in words: "36 hours". */
export function durationWords(seconds: number, words = t().durations): string {
  const unit = unitOf(seconds);
  return words[unit](amountOf(seconds, unit));
}
