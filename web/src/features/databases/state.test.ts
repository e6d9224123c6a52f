import { expect, it } from "vitest";
import type { Database } from "../../api/types.ts";
import { fits, rowsOf } from "./state.ts";

const shop = { id: 1, name: "Shop", type: "postgresql", host: "db.example", db_name: "shop_prod" } as Database;
const judged = (state: "none" | "met", newest_at: string | null) => ({ kind: "backup" as const, database_id: 1, state, newest_at });

it.each([
  [[judged("met", "2026-01-01T00:00:00Z")], [], "met"], [[judged("none", null)], [], "never"], [[], [], "never"],
  [[judged("met", "2026-01-01T00:00:00Z")], [1], "running"], [[{ ...judged("met", "2026-01-01T00:00:00Z"), kind: "verification" as const }], [], "never"],
])("%j with %j running: %s", (objectives, running, state) => {
  expect(rowsOf([shop], objectives, new Set(running))).toEqual([expect.objectContaining({ state })]);
});

it.each([["", true], ["SHOP post", true], ["db.example prod", true], ["shop mysql", false]])("the search %j: %s", (search, expected) => {
  expect(fits(shop, search)).toBe(expected);
});
