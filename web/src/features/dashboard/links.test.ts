import { describe, expect, it } from "vitest";
import { fromFirst, linkOf, subjectHref } from "./links.ts";

const nothing = { database: null, backup_id: null, restore_id: null, storage: null, channel: null };
const shop = { id: 7, name: "shop", type: "mysql" as const };

describe("the next page", () => {
  it.each([
    ["unplanned", { database: shop }, "/schedules/new?database_id=7"], ["schedules_paused", {}, "/settings"], ["alerts_undelivered", { channel: { id: 3, name: "ops" } }, "/alerts/deliveries?status=dead&channel_id=3"],
    ["restore_failed", { database: shop, backup_id: 5, restore_id: 4 }, "/restores/4"], ["backup_failed", { database: shop, backup_id: 5 }, "/backups/5"], ["copies_lost", { storage: { id: 2, name: "s" }, backup_id: 5 }, "/backups/5"],
    ["storage_full", { storage: { id: 2, name: "s" } }, "/storages/2"], ["never_backed_up", { database: shop }, "/databases/7"], ["scheduler_lost", {}, undefined],
  ] as const)("of %s", (kind, about, expected) => {
    expect(linkOf({ kind, ...nothing, ...about })?.href).toBe(expected);
  });
});

it("a storage that is not seen has no page", () => expect(subjectHref({ database: null, storage: { id: 0, name: "x" } })).toBeUndefined());

it("the trend begins the day before something was stored", () => {
  const at = (bytes: number) => ({ at: "2026-01-01T00:00:00Z", bytes });
  expect([fromFirst([at(0), at(0), at(5), at(0)]).length, fromFirst([at(4)]).length, fromFirst([at(0)]).length]).toEqual([3, 1, 0]);
});
