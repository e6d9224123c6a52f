import fc from "fast-check";
import { expect, it } from "vitest";
import { checksDue, type Seen } from "./rate.ts";

const DAY_MS = 86_400_000;
const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS).toISOString().slice(0, 10);
const seenOf = (days: readonly number[]): Seen[] => [...Map.groupBy(days.toSorted((a, b) => a - b), (n) => n)].map(([n, all]) => ({ day: day(n), backups: all.length }));

it("leaves what can wait", () => {
  expect(checksDue([], 30, day(0))).toBe(0);
  expect(checksDue(seenOf([0, 0, 0]), 30, day(1))).toBe(0);
  expect(checksDue(seenOf([0, 0, 0]), 30, day(28))).toBe(1);
  expect(checksDue(seenOf([0]), 30, day(29))).toBe(0);
  expect(checksDue(seenOf([0]), 30, day(30))).toBe(1);
  expect(checksDue(seenOf([0, 5]), 30, day(400))).toBe(2);
});

it("spreads what was made in one day over all days", () => {
  const all = Array.from({ length: 300 }, () => 0);
  expect([1, 2, 29, 30].map((today) => checksDue(seenOf(all), 30, day(today)))).toEqual([10, 20, 290, 300]);
});

/** Whoever comes each day and checks the longest unseen. */
function simulate(seen: number[], every_days: number, days: number, made: (day: number) => number): { latest: number; most: number; checks: number } {
  let latest = 0, most = 0, checks = 0, at = seen.toSorted((a, b) => a - b);
  for (let today = 0; today < days; today++) {
    const due = checksDue(seenOf(at), every_days, day(today));
    for (const last of at.slice(0, due)) latest = Math.max(latest, today - last);
    at = [...at.slice(due), ...Array.from({ length: due + made(today) }, () => today)];
    most = Math.max(most, due);
    checks += due;
  }
  return { latest: Math.max(latest, days - 1 - (at[0] ?? days)), most, checks };
}

it("sees every backup once in so many days, however they were made", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: -6, max: -1 }), { maxLength: 90 }), fc.integer({ min: 7, max: 40 }), fc.integer({ min: 0, max: 3 }), (seen, every_days, nightly) => {
    expect(simulate(seen, every_days, 100, () => nightly).latest).toBeLessThanOrEqual(every_days);
  }), { numRuns: 100 });
});

it("takes an even share a day of what was made at once, and of what comes every night", () => {
  fc.assert(fc.property(fc.nat(90), fc.integer({ min: 7, max: 40 }), fc.integer({ min: 0, max: 3 }), (count, every_days, nightly) => {
    const { most } = simulate(Array.from({ length: count }, () => -1), every_days, 100, () => nightly);
    expect(most).toBeLessThanOrEqual(Math.ceil((count + 100 * nightly) / every_days));
  }), { numRuns: 100 });
});

it("reads nothing much more often than it must", () => {
  const { checks } = simulate(Array.from({ length: 60 }, () => -1), 30, 300, () => 0);
  expect(checks).toBeGreaterThanOrEqual(60 * 9);
  expect(checks).toBeLessThanOrEqual(60 * 11);
});
