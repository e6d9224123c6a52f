import { Cron } from "croner";
import { firstInstant, turnedBack_ms, wallClockAt } from "./zone.ts";

/** When something is due: cron and an IANA time zone. */
export interface Plan {
  readonly cron: string;
  readonly timezone: string;
}

const NICKNAMES: Record<string, string> = {
  "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
};

/** The five fields that a nickname such as @daily stands for; anything else with single spaces. */
export function expandCron(cron: string): string {
  const text = cron.trim().replaceAll(/\s+/g, " ");
  const name = text.toLowerCase();
  return Object.hasOwn(NICKNAMES, name) ? NICKNAMES[name] as string : text;
}

/**
 * The planned time that follows an instant; undefined when there is none. Throws for an expression or a time zone that
 * does not exist.
 *
 * When the clocks change: an expression for every hour goes by the time that passes. Any other goes by what the clocks
 * show, each of its times once: the first time when they show it twice, and the moment of the leap when they skip it.
 */
export function nextPlanned(plan: Plan, after: Date): Date | undefined {
  return nextPlannedTimes(plan, after, 1)[0];
}

/** So many planned times after an instant, or fewer when there are no more. */
export function nextPlannedTimes(plan: Plan, after: Date, count: number): Date[] {
  const cron = expandCron(plan.cron);
  if (isEveryHour(cron)) return new Cron(cron, { timezone: plan.timezone }).nextRuns(count, after);
  const [wallClock, times] = [new Cron(cron, { timezone: "UTC" }), new Array<Date>()];
  let shown = new Date(wallClockAt(after.getTime(), plan.timezone));
  while (times.length < count) {
    const next = wallClock.nextRun(shown);
    if (next === null) break;
    const at = new Date(firstInstant(next.getTime(), plan.timezone));
    if (at > (times.at(-1) ?? after)) times.push(at); // else the clocks show it again, or leap over several at once
    shown = next;
  }
  return times;
}

/** The newest planned time that has come by an instant, itself included; undefined when there was none. */
export function lastPlanned(plan: Plan, by: Date): Date | undefined {
  const cron = expandCron(plan.cron);
  const ceiling_ms = Math.floor(by.getTime() / 1000) * 1000 + 1000; // croner looks at whole seconds before this one
  if (isEveryHour(cron)) return new Cron(cron, { timezone: plan.timezone }).previousRuns(1, new Date(ceiling_ms))[0];
  const wallClock = new Cron(cron, { timezone: "UTC" });
  for (let shown_ms = wallClockAt(ceiling_ms, plan.timezone) + turnedBack_ms(by.getTime(), plan.timezone); ;) {
    const last = wallClock.previousRuns(1, new Date(shown_ms))[0];
    if (last === undefined) return undefined;
    const at_ms = firstInstant(last.getTime(), plan.timezone);
    if (at_ms <= by.getTime()) return new Date(at_ms);
    shown_ms = last.getTime();
  }
}

/** Is its field of hours, the fourth from the end, all of them? */
export function isEveryHour(cron: string): boolean {
  return /^(\*|0-23)(\/1)?$/.test(cron.split(" ").at(-4) ?? "");
}
