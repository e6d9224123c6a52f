import type { RetentionPolicy } from "@safebase/contracts";
import { calendarOf, TIERS, type Periods, type Tier } from "./periods.ts";

/** A completed backup as a plan sees it. `at` is when it was begun. */
export interface Dated { readonly id: number; readonly at: string; /** It takes no other's place, and stays only where a good one would. */ readonly damaged?: boolean }

export interface PlanInput<B extends Dated> {
  readonly policy: RetentionPolicy;
  /** Days, weeks, months and years are those of this time zone. */
  readonly timezone: string;
  readonly now: Date;
  readonly backups: readonly B[];
  /** Why some stay whatever the policy says, by their id. */
  readonly protections: ReadonlyMap<number, readonly string[]>;
}

export interface Kept<B> { readonly backup: B; readonly reasons: readonly string[] }
export interface Removed<B> { readonly backup: B; readonly reason: string }
export interface Plan<B> { readonly keep: readonly Kept<B>[]; readonly remove: readonly Removed<B>[] }

/**
 * What a policy does to a history, the newest first, and why. A backup stays when any rule keeps it, when it is
 * protected, or when its time is yet to come: a clock was set back, so nothing is known of its age, and it takes no
 * other's place either. A policy without rules keeps everything.
 */
export function planRetention<B extends Dated>({ policy, timezone, now, backups, protections }: PlanInput<B>): Plan<B> {
  const history = backups.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.id - a.id);
  const past = history.filter(({ at }) => Date.parse(at) <= now.getTime());
  const judgeOf = (judged: readonly Dated[]): (backup: Dated) => Verdict[] => {
    const rules = rulesOf(policy, timezone, now, judged);
    const ranks = new Map(judged.map(({ id }, rank) => [id, rank]));
    return (backup) => rules.map((rule) => rule(backup, ranks.get(backup.id) ?? Infinity));
  };
  const [judge, judgeDamaged] = [judgeOf(past.filter(({ damaged }) => damaged !== true)), judgeOf(past)];
  const keep: Kept<B>[] = [], remove: Removed<B>[] = [];
  for (const backup of history) {
    const verdicts = Date.parse(backup.at) > now.getTime() ? [FUTURE] : (backup.damaged === true ? judgeDamaged : judge)(backup);
    const reasons = [...protections.get(backup.id) ?? [], ...verdicts.filter(({ keeps }) => keeps).map(({ says }) => says)];
    if (reasons.length > 0) keep.push({ backup, reasons });
    else remove.push({ backup, reason: verdicts.map(({ says }) => says).join(", ") });
  }
  return { keep, remove };
}

interface Verdict { readonly keeps: boolean; readonly says: string }
/** What one rule says of a backup; `rank` counts from the newest, which is 0. */
type Rule = (backup: Dated, rank: number) => Verdict;

const FUTURE: Verdict = { keeps: true, says: "its time is yet to come" };

function rulesOf(policy: RetentionPolicy, timezone: string, now: Date, past: readonly Dated[]): Rule[] {
  const rules: Rule[] = [];
  if (policy.keep_last !== undefined) rules.push(lastOnes(policy.keep_last));
  if (policy.keep_days !== undefined) rules.push(youngOnes(policy.keep_days, now));
  const tiers = TIERS.filter((tier) => policy[tier] !== undefined);
  const calendar = calendarOf(timezone);
  const periods = new Map(tiers.length === 0 ? [] : past.map(({ id, at }) => [id, calendar(at)]));
  for (const tier of tiers) rules.push(newestOfEach(tier, policy[tier] ?? 0, periods));
  return rules.length > 0 ? rules : [() => ({ keeps: true, says: "no retention: everything is kept" })];
}

function lastOnes(count: number): Rule {
  const which = count === 1 ? "the last one" : `one of the last ${count}`;
  return (_, rank) => (rank < count ? { keeps: true, says: which } : { keeps: false, says: `not ${which}` });
}

const DAY_MS = 86_400_000;

function youngOnes(days: number, now: Date): Rule {
  const oldest_ms = now.getTime() - days * DAY_MS;
  const age = days === 1 ? "1 day" : `${days} days`;
  return ({ at }) => (Date.parse(at) > oldest_ms ? { keeps: true, says: `younger than ${age}` } : { keeps: false, says: `not younger than ${age}` });
}

const PERIOD: Readonly<Record<Tier, string>> = { daily: "day", weekly: "week", monthly: "month", yearly: "year" };

/** `periodsOf`: of each backup by its id, the newest first. */
function newestOfEach(tier: Tier, count: number, periodsOf: ReadonlyMap<number, Periods>): Rule {
  const newest = new Map<string, number>();
  for (const [id, { [tier]: period }] of periodsOf) if (!newest.has(period)) newest.set(period, id);
  const places = new Map([...newest.keys()].map((period, index) => [period, index + 1]));
  const periodsMeant = count === 1 ? `the last ${PERIOD[tier]}` : `the last ${count} ${PERIOD[tier]}s`;
  return ({ id }) => {
    const period = periodsOf.get(id)?.[tier] ?? "";
    const place = places.get(period) ?? Infinity;
    if (place > count) return { keeps: false, says: `${period} is before ${periodsMeant} with a backup` };
    if (newest.get(period) !== id) return { keeps: false, says: `not the newest of ${period}` };
    return { keeps: true, says: `newest of ${period} (${place} of ${count} ${tier})` };
  };
}
