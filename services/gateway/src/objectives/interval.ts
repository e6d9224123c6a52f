import { nextPlannedTimes, type Plan } from "@safebase/runtime";

const DAY_MS = 86_400_000;
/** From a week ago on, so that a weekend counts on a Wednesday, too. */
const LOOK_BACK_MS = 8 * DAY_MS;
const LEAST_RUNS = 20;
/** A look at every minute of more than two days. What comes that often has its longest pause within, or all day long. */
const MOST_RUNS = 3_500;

/** The longest time between two runs that follow each other, as they are planned around `now`: for weekdays only, the weekend. */
export function longestGap_s(plan: Plan, now: Date): number | undefined {
  let [longest_ms, runs] = [0, 0];
  for (let [last] = nextPlannedTimes(plan, new Date(now.getTime() - LOOK_BACK_MS), 1); last !== undefined && runs < MOST_RUNS && (runs === 0 || last <= now);) {
    const times = nextPlannedTimes(plan, last, LEAST_RUNS);
    for (const at of times) {
      longest_ms = Math.max(longest_ms, at.getTime() - last.getTime());
      last = at;
    }
    if (times.length < LEAST_RUNS) break;
    runs += times.length;
  }
  return longest_ms === 0 ? undefined : longest_ms / 1000;
}

const MOST_REMEMBERED = 10_000;
const remembered = new Map<string, { readonly gap_s: number | undefined; readonly looked_at_ms: number }>();

/** The longest gap, looked at once a day: thousands of databases share few plans. */
export function gapOf_s(plan: Plan, now: Date): number | undefined {
  const key = `${plan.cron} ${plan.timezone}`;
  const known = remembered.get(key);
  if (known !== undefined && Math.abs(now.getTime() - known.looked_at_ms) < DAY_MS) return known.gap_s;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  const gap_s = longestGap_s(plan, now);
  remembered.set(key, { gap_s, looked_at_ms: now.getTime() });
  return gap_s;
}
