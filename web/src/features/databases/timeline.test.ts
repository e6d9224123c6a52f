import { expect, it } from "vitest";
import { groupsOf } from "./timeline.ts";

const NOW = new Date(2026, 10, 20, 12).getTime();
const at = (...parts: [number, number, number, number]): { created_at: string } => ({ created_at: new Date(...parts).toISOString() });

it("the last days stand alone, what is older by its month", () => {
  const history = [at(2026, 10, 20, 11), at(2026, 10, 20, 0), at(2026, 10, 19, 23), at(2026, 9, 31, 3), at(2026, 9, 2, 3), at(2026, 9, 1, 3), at(2025, 9, 1, 3)];
  expect(groupsOf(history, NOW).map(({ when, backups }) => [when, backups.length])).toEqual([["2026-11-20", 2], ["2026-11-19", 1], ["2026-10-31", 1], ["2026-10", 2], ["2025-10", 1]]);
  expect(groupsOf([], NOW)).toEqual([]);
});
