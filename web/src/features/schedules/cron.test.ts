import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cronOf, HOURS, kindOf, KINDS, MINUTES, whenOf, whenOfKind, type When } from "./cron.ts";

const two = (value: number): string => String(value).padStart(2, "0");
const times = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { minLength: 1, maxLength: 6 }))
  .map(([minute, hours]) => hours.sort((a, b) => a - b).map((hour) => `${two(hour)}:${two(minute)}`));
const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }).map((all) => all.sort((a, b) => a - b));

const whens: fc.Arbitrary<When> = fc.oneof(
  fc.record({ kind: fc.constant("minutes" as const), every: fc.constantFrom(...MINUTES) }),
  fc.record({ kind: fc.constant("hours" as const), every: fc.constantFrom(...HOURS), minute: fc.integer({ min: 0, max: 59 }) }),
  fc.record({ kind: fc.constant("days" as const), times }),
  fc.record({ kind: fc.constant("weekdays" as const), days, times }),
  fc.record({ kind: fc.constant("months" as const), day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant("last" as const)), times }),
);

describe("what is chosen and its expression", () => {
  it("say the same, there and back", () => {
    fc.assert(fc.property(whens, (when) => { expect(whenOf(cronOf(when))).toEqual(when); }));
  });

  it("any other text stays as it was typed", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...Array.from("0123456789*/,-L @#")) }), (text) => {
      const when = whenOf(text);
      if (when.kind === "custom") expect(cronOf(when)).toBe(text.trim().replaceAll(/\s+/g, " "));
      else expect(whenOf(cronOf(when))).toEqual(when);
    }));
  });

  it("another kind can be chosen after any", () => {
    fc.assert(fc.property(whens, fc.constantFrom(...KINDS), (before, kind) => {
      const when = whenOfKind(kind, before);
      expect(whenOf(cronOf(when))).toEqual(kind === "custom" ? before : when);
      if (kind !== "custom" && kind !== "weekdays") expect(kindOf(when)).toBe(kind);
    }));
  });

  it.each<[string, When]>([
    ["@daily", { kind: "days", times: ["00:00"] }], ["@HOURLY", { kind: "hours", every: 1, minute: 0 }], ["@weekly", { kind: "weekdays", days: [0], times: ["00:00"] }],
    ["  0  3 * * MON-FRI ", { kind: "weekdays", days: [1, 2, 3, 4, 5], times: ["03:00"] }], ["0 3 * * 7,sat", { kind: "weekdays", days: [0, 6], times: ["03:00"] }],
    ["0 3 * * 0-7", { kind: "days", times: ["03:00"] }], ["30 15,3 * * *", { kind: "days", times: ["03:30", "15:30"] }], ["0 3 l * *", { kind: "months", day: "last", times: ["03:00"] }],
    ["0 * * * *", { kind: "hours", every: 1, minute: 0 }], ["* * * * *", { kind: "minutes", every: 1 }],
    ...["@yearly", "*/7 * * * *", "0 */5 * * *", "0,30 3 * * *", "0 3 1 * 1", "0 3 * 1 *", "0 3 32 * *", "0 24 * * *", "0 3 * * 5-1", "0 3 * * 8", "0 3 * * 1-2-3", "0 0 0 * * *", ""].map((cron): [string, When] => [cron, { kind: "custom", cron }]),
  ])("%s", (cron, when) => {
    expect(whenOf(cron)).toEqual(when);
  });
});
