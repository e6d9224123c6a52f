import { describe, expect, it } from "vitest";
import { storedAtEnds, successRate } from "./usage.ts";
import { verdictOf } from "./verdict.ts";

describe("what was stored at the end of each day", () => {
  it("is what is stored now, less what came since, with what went since", () => {
    expect(storedAtEnds(70, [{ came: 10, went: 0 }, { came: 50, went: 20 }, { came: 30, went: 10 }])).toEqual([20, 50, 70]);
  });
  it("is never less than nothing", () => expect(storedAtEnds(5, [{ came: 0, went: 0 }, { came: 9, went: 0 }])).toEqual([0, 5]));
});

it.each([[[], null], [[{ completed: 0, failed: 0 }], null], [[{ completed: 2, failed: 0 }, { completed: 1, failed: 1 }], 0.75]])("of %j the success rate is %s", (days, expected) => {
  expect(successRate(days)).toBe(expected);
});

describe("the verdict", () => {
  const none = { never: 0, missed: 0, at_risk: 0, unplanned: 0, met: 0 };
  it.each([
    [none, [], { state: "nothing", databases: 0 }],
    [{ ...none, met: 3 }, [{ severity: "warning" }], { state: "safe", databases: 3, critical: 0 }],
    [{ ...none, met: 3 }, [{ severity: "critical" }], { state: "risk", critical: 1 }],
    [{ ...none, met: 1, at_risk: 1 }, [], { state: "risk" }],
    [{ ...none, unplanned: 1 }, [], { state: "risk" }],
    [{ ...none, at_risk: 1, missed: 1 }, [], { state: "missed", databases: 2 }],
    [{ ...none, never: 1, met: 5 }, [], { state: "missed" }],
  ] as const)("of %j with %j", (states, items, expected) => {
    expect(verdictOf(states, items)).toMatchObject(expected);
  });
});
