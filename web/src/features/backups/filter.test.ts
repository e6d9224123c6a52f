import { expect, it } from "vitest";
import { filterOf } from "./filter.ts";
import { dayOf } from "./period.ts";

const NOW = new Date(2026, 2, 15, 13, 30);
const local = (...parts: [number, number, number]): string => new Date(...parts).toISOString();

it.each([
  [{}, {}], [{ status: "failed", type: "mysql", database_id: "7", page: "2" }, { status: "failed", type: "mysql", database_id: "7" }],
  [{ status: "done", type: "oracle", database_id: "7 or 1", trigger: "luck", verified: "yes", since: "yesterday", until: "2026-02-30", search: "  " }, {}],
  [{ search: " shop ", trigger: "safety", verified: "false", pinned: "true", storage: "offsite" }, { search: "shop", trigger: "safety", verified: "false", pinned: "true", storage: "offsite" }],
  [{ period: "today", since: "2020-01-01" }, { since: local(2026, 2, 15) }], [{ period: "week" }, { since: local(2026, 2, 9) }], [{ period: "year" }, { since: local(2026, 0, 1) }],
  [{ since: "2026-01-05", until: "2026-01-31" }, { since: local(2026, 0, 5), until: local(2026, 1, 1) }], // the last day counts
  [{ since: "2026-01-05T10:00:00+02:00" }, { since: "2026-01-05T08:00:00.000Z" }],
])("%j", (params, expected) => {
  expect(filterOf(params, NOW)).toEqual(expected);
});

it("a moment of an address is shown as its day", () => {
  expect([dayOf("2026-01-05", "last"), dayOf(local(2026, 0, 5), "first"), dayOf(local(2026, 0, 6), "last"), dayOf("x", "first")]).toEqual(["2026-01-05", "2026-01-05", "2026-01-05", ""]);
});
