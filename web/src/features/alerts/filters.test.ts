import { expect, test } from "vitest";
import { deliveriesAsked, noticesAsked } from "./filters.ts";

const NOW_MS = Date.parse("2026-03-02T10:20:30.000Z");

test("what was never ours to ask is left out", () => {
  expect(deliveriesAsked({ status: "dead", channel_id: "7", kind: "backup_failed", database_id: "3" })).toEqual({ status: "dead", channel_id: "7", kind: "backup_failed" });
  expect(deliveriesAsked({ status: "<b>", channel_id: "7 or 1", kind: "toString" })).toEqual({});
  expect(noticesAsked({ severity: "none", kind: "", database_id: "x", period: "toString" }, NOW_MS)).toEqual({});
});

test("a period begins at a full hour", () => {
  expect(noticesAsked({ severity: "critical", database_id: "3", period: "day" }, NOW_MS)).toEqual({ severity: "critical", database_id: "3", since: "2026-03-01T10:00:00.000Z" });
});
