import { expect, it } from "vitest";
import { judge } from "./safety.ts";

const one = (database_name: string, state: "none" | "met" | "at_risk" | "missed", newest_at: string | null = "2026-01-01T00:00:00Z", kind: "backup" | "verification" = "backup") => ({ database_name, state, newest_at, kind });

it.each([
  [[], { verdict: "nothing", databases: 0 }],
  [[one("a", "met"), one("b", "met"), one("a", "missed", null, "verification")], { verdict: "safe", databases: 2 }],
  [[one("a", "met"), one("b", "at_risk")], { verdict: "risk", risk: ["b"], missed: [] }],
  [[one("a", "none")], { verdict: "risk", unplanned: ["a"] }],
  [[one("a", "at_risk"), one("b", "missed")], { verdict: "missed", missed: ["b"], risk: ["a"] }],
  [[one("a", "none", null), one("b", "met")], { verdict: "missed", never: ["a"], unplanned: [] }],
] as const)("%j", (objectives, expected) => {
  expect(judge(objectives)).toMatchObject(expected);
});
