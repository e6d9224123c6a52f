import type { RetentionPolicy } from "@safebase/contracts";
import fc from "fast-check";
import type { Dated } from "./plan.ts";

export const DAY_MS = 86_400_000;

/** Where days, weeks and years are not what they seem: clock changes, year borders, a day that was left out. */
const BORDERS = [
  "2026-03-29T01:00:00.000Z", "2026-10-25T01:00:00.000Z", "2026-03-08T07:00:00.000Z", "2026-11-01T06:00:00.000Z", "2026-04-04T15:00:00.000Z",
  "2026-01-01T00:00:00.000Z", "2026-12-31T23:00:00.000Z", "2027-01-03T23:30:00.000Z", "2024-02-29T12:00:00.000Z", "2011-12-30T10:00:00.000Z",
];
const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns"];

export interface History { readonly backups: Dated[]; readonly timezone: string; readonly now: Date }

/** Histories around such borders, some of it at the same time or yet to come. Ids are 0, 1, 2, …, in no order of time. */
export function histories(): fc.Arbitrary<History> {
  const MINUTE_MS = 60_000;
  const offset_ms = fc.oneof(
    fc.integer({ min: -3_000, max: 3_000 }).map((minutes) => minutes * MINUTE_MS), fc.integer({ min: -60, max: 20 }).map((days) => days * DAY_MS),
    fc.integer({ min: -4_000, max: 0 }).map((days) => days * DAY_MS + MINUTE_MS),
  );
  return fc.record({ border: fc.constantFrom(...BORDERS).map((at) => Date.parse(at)), timezone: fc.constantFrom(...ZONES), offsets: fc.array(offset_ms, { maxLength: 40 }), ahead: offset_ms })
    .map(({ border, timezone, offsets, ahead }) => ({
      timezone, now: new Date(border + Math.abs(ahead)),
      backups: offsets.map((offset, id) => ({ id, at: new Date(border + offset).toISOString() })),
    }));
}

/** Policies of any rules; `some`: of at least one. */
export function policies({ some = false } = {}): fc.Arbitrary<RetentionPolicy> {
  const count = fc.integer({ min: 1, max: 12 });
  const any = fc.record({ keep_last: count, keep_days: fc.integer({ min: 1, max: 800 }), daily: count, weekly: count, monthly: count, yearly: count }, { requiredKeys: [] });
  return some ? any.filter((policy) => Object.keys(policy).length > 0) : any;
}

/** What a policy with rules promises to keep, said again by other means: local dates as Swedes write them, weeks by their Monday. */
export function expectedIds(policy: RetentionPolicy, backups: readonly Dated[], { timezone, now }: Omit<History, "backups">): Set<number> {
  const dateOf = ({ at }: Dated): string => new Date(at).toLocaleDateString("sv-SE", { timeZone: timezone });
  const mondayOf = (backup: Dated): string => {
    const date = new Date(`${dateOf(backup)}T12:00:00Z`);
    while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
    return date.toISOString();
  };
  const future = backups.filter(({ at }) => new Date(at) > now);
  const past = backups.filter((backup) => !future.includes(backup));
  const newestOf = (some: readonly Dated[]): Dated => some.reduce((best, one) => (one.at > best.at || (one.at === best.at && one.id > best.id) ? one : best));
  const tier = (count = 0, label: (backup: Dated) => string): Dated[] =>
    [...Map.groupBy(past, label)].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, count).map(([, some]) => newestOf(some));
  const last: Dated[] = [];
  for (let left = past; last.length < (policy.keep_last ?? 0) && left.length > 0; left = left.filter((backup) => !last.includes(backup))) last.push(newestOf(left));
  const young = past.filter(({ at }) => now.getTime() - Date.parse(at) < (policy.keep_days ?? 0) * DAY_MS);
  const kept = [
    ...future, ...last, ...young, ...tier(policy.daily, dateOf), ...tier(policy.weekly, mondayOf),
    ...tier(policy.monthly, (backup) => dateOf(backup).slice(0, 7)), ...tier(policy.yearly, (backup) => dateOf(backup).slice(0, 4)),
  ];
  return new Set(kept.map(({ id }) => id));
}
