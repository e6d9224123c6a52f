import { SafebaseError } from "@safebase/contracts";
import { expandCron, nextPlanned, nextPlannedTimes, type Plan } from "@safebase/runtime";

const HINT = "five fields: minute, hour, day of month, month, day of week; such as 0 3 * * *, or @hourly, @daily, @weekly, @monthly, @yearly";
const LOOKED_AT = 50;

/** The plan in one spelling. Throws `bad_request`, naming the field, unless it is one that comes up some day. */
export function checkedPlan(plan: Plan, now: Date): Plan {
  const { timezone } = plan;
  checkTimezone(timezone);
  const cron = expandCron(plan.cron);
  if (!/^[\dA-Za-z*/,-]+( [\dA-Za-z*/,-]+){4}$/.test(cron)) throw new SafebaseError("bad_request", `cron: not a cron expression: ${cron}`, { hint: HINT });
  if (first({ cron, timezone }, now) === undefined) throw new SafebaseError("bad_request", `cron: this time never comes: ${cron}`);
  return { cron, timezone };
}

/** An offset such as +02:00 knows nothing of summer time, and is not what is meant. */
function checkTimezone(timezone: string): void {
  const hint = "use a name such as Europe/Paris or UTC";
  if (!/^[A-Za-z]/.test(timezone)) throw new SafebaseError("bad_request", `timezone: unknown time zone: ${timezone}`, { hint });
  try {
    Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch (cause) {
    throw new SafebaseError("bad_request", `timezone: unknown time zone: ${timezone}`, { hint, cause });
  }
}

function first(plan: Plan, now: Date): Date | undefined {
  try {
    return nextPlanned(plan, now);
  } catch (cause) {
    throw new SafebaseError("bad_request", `cron: not a cron expression: ${plan.cron}`, { hint: HINT, cause });
  }
}

/** Throws `bad_request` for a jitter that could bring one run near the next: at most half the time between two is allowed. */
export function checkJitter(jitter_s: number, plan: Plan, now: Date): void {
  const longest_s = jitter_s === 0 ? 0 : longestJitter_s(plan, now);
  if (jitter_s <= longest_s) return;
  throw new SafebaseError("bad_request", `jitter_s must be at most ${longest_s}, half the time between two runs, got ${jitter_s}`);
}

/** Half the shortest time between two of the next runs. */
export function longestJitter_s(plan: Plan, now: Date): number {
  const times = nextPlannedTimes(plan, now, LOOKED_AT).map((time) => time.getTime());
  const shortest_s = times.slice(1).reduce((least, time, index) => Math.min(least, (time - (times[index] ?? time)) / 1000), Infinity);
  return Math.floor(shortest_s / 2);
}
