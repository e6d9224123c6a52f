import { expect, it } from "vitest";
import { monthsOf, nextWith, outcomeOf, weekdayOf, type DayOutcome } from "./year.ts";

const day = (date: string, completed = 0, failed = 0): DayOutcome => ({ date, completed, failed });
const from = (start: string, count: number) => Array.from({ length: count }, (_, n) => day(new Date(Date.parse(`${start}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)));

it.each([[0, 0, "none"], [2, 0, "good"], [2, 1, "some"], [0, 1, "failed"]] as const)("%d completed and %d failed: %s", (completed, failed, expected) => {
  expect(outcomeOf(day("2026-01-01", completed, failed))).toBe(expected);
});

it("weeks begin on Monday", () => expect(["2026-11-16", "2026-11-22"].map(weekdayOf)).toEqual([0, 6]));

it("months stand over the week of their first day, where their name has room", () => {
  expect(monthsOf(from("2026-01-15", 60))).toEqual([{ date: "2026-02-01", column: 2 }, { date: "2026-03-01", column: 6 }]);
  expect(monthsOf(from("2026-01-15", 18))).toEqual([]);
});

it("the keyboard goes on to the next day with a backup", () => {
  const days = [day("2026-01-01", 1), day("2026-01-02"), day("2026-01-03", 0, 1), day("2026-01-04")];
  expect([nextWith(days, 0, 1), nextWith(days, 2, 1), nextWith(days, 2, -1), nextWith(days, 0, 7)]).toEqual([2, 2, 0, 0]);
});
