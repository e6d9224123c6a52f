import { expect, it } from "vitest";
import { secondsOf, spanOf } from "./span.ts";

it.each([[86_400, 1, "days"], [172_800, 2, "days"], [93_600, 26, "hours"], [3_600, 1, "hours"], [5_400, 2, "hours"]])("%d s are %d %s", (s, value, unit) => {
  expect(spanOf(s)).toEqual({ value, unit });
});

it.each([["2", "days", 172_800], [" 26 ", "hours", 93_600], ["0", "hours", undefined], ["1.5", "days", undefined], ["", "days", undefined], ["x", "hours", undefined]] as const)("%j %s are %j s", (typed, unit, expected) => {
  expect(secondsOf(typed, unit)).toBe(expected);
});
