import { expect, it } from "vitest";
import type { Database } from "../../api/types.ts";
import { defaultTarget, placesFor, suggestedName, targetOf, type Target } from "./target.ts";

const target = (changes: Partial<Target>): Target => ({ kind: "own", other_id: "", server_id: "", name: "", ...changes });

it("says to the API what was chosen, and nothing while it is not all said", () => {
  expect(targetOf(target({ name: "left over" }))).toEqual({});
  expect(targetOf(target({ kind: "other" }))).toBeUndefined();
  expect(targetOf(target({ kind: "other", other_id: "3" }))).toEqual({ database_id: 3 });
  expect(targetOf(target({ kind: "new", server_id: "2", name: " " }))).toBeUndefined();
  expect(targetOf(target({ kind: "new", server_id: "2", name: "copy" }))).toEqual({ database_id: 2, db_name: "copy" });
});

it("suggests names that engines take", () => {
  expect(suggestedName("shop", "2026-11-20T14:03:22.000Z")).toBe("shop_20261120_1403");
  expect(suggestedName("ü".repeat(30), "2026-11-20T14:03:22.000Z")).toBe("restored_20261120_1403");
});

it("finds the own database, the others of its type, and each server once", () => {
  const database = (id: number, type: string, port: number) => ({ id, type, host: "db", port }) as Database;
  const all = [database(1, "mysql", 1), database(2, "mariadb", 2), database(3, "mysql", 3), database(4, "mysql", 3)];
  const { own, others, servers } = placesFor("mysql", 4, all);
  expect([own?.id, others.map(({ id }) => id), servers.map(({ id }) => id)]).toEqual([4, [1, 3], [4, 1]]);
  expect(placesFor("mysql", 9, all).own).toBeUndefined();
  expect(placesFor("postgresql", 9, all).servers).toEqual([]);
});

it("begins with the backup's own database, or with what the address asks for", () => {
  const database = (id: number, port: number) => ({ id, type: "mysql", host: "db", port, db_name: "shop" }) as Database;
  const backup = { type: "mysql", database_id: 1, database_name: "Shop", created_at: "2026-11-20T14:03:22.000Z" } as const;
  const all = [database(1, 1), database(2, 2)];
  const none = { to: undefined, as: undefined };
  expect(defaultTarget(backup, all, none)).toEqual({ kind: "own", other_id: "2", server_id: "1", name: "shop_20261120_1403" });
  expect(defaultTarget(backup, all, { to: "2", as: undefined })).toMatchObject({ kind: "other", other_id: "2" });
  expect(defaultTarget(backup, all, { to: "2", as: "copy" })).toMatchObject({ kind: "new", server_id: "2", name: "copy" });
  expect(defaultTarget({ ...backup, database_id: 9 }, all, none)).toMatchObject({ kind: "other", other_id: "1" });
});
