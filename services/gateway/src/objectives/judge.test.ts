import { describe, expect, it } from "vitest";
import type { ObjectiveState } from "../catalog/schema.ts";
import { judge, noticeKindOf } from "./judge.ts";

const NOW = new Date("2026-06-10T12:00:00.000Z");
const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const limit = (since_h: number, automatic = true) => ({ limit_s: 48 * 3600, automatic, since: ago(since_h) });

describe("an objective of 48 hours", () => {
  it.each<[string, ObjectiveState, number | null, number, ObjectiveState]>([
    ["a young backup meets it", "none", 1, 900, "met"],
    ["and does after a miss", "missed", 1, 900, "met"],
    ["80 % of the limit are still fine", "met", 38.4, 900, "met"],
    ["beyond, it is at risk", "met", 38.5, 900, "at_risk"],
    ["at the limit, still", "at_risk", 48, 900, "at_risk"],
    ["beyond the limit it is missed", "at_risk", 48.1, 900, "missed"],
    ["also at once", "met", 500, 900, "missed"],
    ["an older backup makes a miss good", "missed", 40, 900, "at_risk"],
    ["a new schedule gets its time for the first backup", "none", null, 1, "met"],
    ["which ends", "met", null, 39, "at_risk"],
    ["and then it is missed", "at_risk", null, 49, "missed"],
    ["a new schedule gets its time although there is an old backup", "met", 500, 1, "met"],
    ["a schedule that was set again makes nothing good: not a miss", "missed", 500, 1, "missed"],
    ["nor a miss before the first backup", "missed", null, 1, "missed"],
    ["nor a risk", "at_risk", 40, 1, "at_risk"],
    ["nor does it make it worse", "at_risk", 500, 1, "at_risk"],
  ])("%s", (_, before, age_h, since_h, after) => {
    expect(judge(before, age_h === null ? null : ago(age_h), limit(since_h), NOW)).toBe(after);
  });

  it("of its owner waits for the first backup only", () => {
    expect(judge("none", ago(500), limit(1, false), NOW)).toBe("missed");
    expect(judge("none", null, limit(1, false), NOW)).toBe("met");
  });

  it("without a limit is none", () => {
    for (const before of ["none", "met", "at_risk", "missed"] as const) expect(judge(before, ago(500), undefined, NOW)).toBe("none");
  });
});

describe("people are told", () => {
  it.each<[ObjectiveState, ObjectiveState, string | undefined]>([
    ["met", "at_risk", "objective_at_risk"], ["none", "at_risk", "objective_at_risk"], ["at_risk", "missed", "objective_missed"], ["met", "missed", "objective_missed"],
    ["none", "missed", "objective_missed"], ["missed", "met", "objective_met"], ["missed", "at_risk", "objective_met"],
    ["at_risk", "met", undefined], ["none", "met", undefined], ["missed", "none", undefined], ["met", "none", undefined],
  ])("from %s to %s: %s", (before, after, kind) => {
    expect(noticeKindOf(before, after)).toBe(kind);
  });
});
