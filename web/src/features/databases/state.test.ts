import { expect, it } from "vitest";
import { dueOf, queryOf, shownOf, sortedBy } from "./state.ts";

it("a backup that is being made is seen before how things stand", () => {
  expect([shownOf({ state: "missed", running: null }), shownOf({ state: "missed", running: { id: 1, job_id: 1, status: "pending", progress: null } })]).toEqual(["missed", "running"]);
});

it.each([
  [{}, { sort: "name", order: "asc", page: "1" }],
  [{ sort: "size" }, { sort: "size", order: "desc", page: "1" }],
  [{ q: "shop", type: "mysql", state: "failed", sort: "state", order: "desc", page: "3" }, { q: "shop", type: "mysql", state: "failed", sort: "state", order: "desc", page: "3" }],
  [{ q: "", type: "oracle", state: "x", sort: "id;drop", order: "up", page: "0" }, { sort: "name", order: "asc", page: "1" }],
])("the address %j asks for %j", (params, expected) => {
  expect(queryOf(params)).toEqual(expected);
});

it("a column that is asked for again turns round, and the address holds no more than it has to", () => {
  expect(sortedBy({ sort: "name", order: "asc" }, "name")).toEqual({ sort: undefined, order: "desc", page: undefined });
  expect(sortedBy({ sort: "name", order: "desc" }, "size")).toEqual({ sort: "size", order: undefined, page: undefined });
  expect(sortedBy({ sort: "size", order: "desc" }, "size")).toEqual({ sort: "size", order: "asc", page: undefined });
});

const NOW = Date.parse("2026-01-01T12:00:00Z");
it.each([
  ["met", "met", "2026-01-01T13:00:00Z", "due"], ["at_risk", "at_risk", "2026-01-01T11:59:00Z", "over"], ["missed", "missed", "2026-01-01T13:00:00Z", "over"],
  ["never", "met", "2026-01-01T13:00:00Z", "due"], ["none", "none", "2026-01-01T13:00:00Z", undefined], ["met", "met", null, undefined],
] as const)("%s with an objective that is %s and due at %s: %s", (state, judged, due_at, expected) => {
  expect(dueOf({ state, objective: { state: judged, state_since: "", limit_s: 1, due_at } }, NOW)).toBe(expected);
});
