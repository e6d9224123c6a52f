import { expect, test } from "vitest";
import { detailsOf, filterOf } from "./filter.ts";

test("an address asks for what is there, and days begin here", () => {
  expect(filterOf({ subject: "backup", outcome: "refused", actor: " ann ", since: "2026-03-01", until: "2026-03-01" }, ["backup"])).toEqual({
    subject: "backup", outcome: "refused", actor: "ann", since: new Date(2026, 2, 1).toISOString(), until: new Date(2026, 2, 2).toISOString(),
  });
  expect(filterOf({ subject: "nothing", outcome: "no", actor: " ", since: "today", until: "2026-99-99" }, ["backup"])).toEqual({});
});

test("details are read without quotes and brackets", () => {
  expect(detailsOf({ email: "a@b.c", changed: ["name", "port"], retention: { keep_last: 3 }, in_place: true, range: null, none: [], links_revoked: 0 })).toEqual([
    { name: "email", text: "a@b.c" }, { name: "changed", text: "name, port" }, { name: "retention", text: "keep last 3" }, { name: "in place", text: "true" },
  ]);
  expect(detailsOf(null)).toEqual([]);
});
