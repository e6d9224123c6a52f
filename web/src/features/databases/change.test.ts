import { expect, it } from "vitest";
import type { Database } from "../../api/types.ts";
import { changeOf, valuesOf } from "./change.ts";

const shop = {
  id: 1, name: "Shop", type: "postgresql", host: "db.example", port: 5432, username: "backup", has_password: true, db_name: "shop", ssl_mode: "verify-full", ssl_ca: "-----BEGIN CERTIFICATE-----",
  retention: { daily: 7 }, encryption_key_id: null, server_id: null, storages: null,
} as unknown as Database;
const settings = { retention: { daily: 7 }, encryption_key_id: null, storages: null };
const typed = valuesOf(shop);

it("is shown without its password", () => {
  expect(typed).toMatchObject({ host: "db.example", port: "5432", password: "", url: "postgres://backup@db.example:5432/shop?sslmode=verify-full" });
});

it("nothing is sent of what stays as it is", () => {
  expect(changeOf(shop, typed, settings)).toEqual({});
  expect(changeOf(shop, { ...typed, name: " Shop 2 " }, settings)).toEqual({ name: "Shop 2" });
});

it("a connection is sent whole as soon as anything of it differs, and the password only when one was typed", () => {
  expect(changeOf(shop, { ...typed, host: "db2" }, settings)).toEqual({ type: "postgresql", host: "db2", port: "5432", username: "backup", db_name: "shop", ssl_mode: "verify-full", ssl_ca: shop.ssl_ca });
  expect(changeOf(shop, { ...typed, password: "x" }, settings)).toMatchObject({ host: "db.example", password: "x" });
  expect(changeOf(shop, { ...typed, ssl_ca: "" }, settings)).toMatchObject({ ssl_ca: null });
});

it("the connection of a server's database is left to its server", () => {
  expect(changeOf({ ...shop, server_id: 3 }, { ...typed, host: "db2", name: "x" }, settings)).toEqual({ name: "x" });
});

it("what is kept, encrypted and stored is sent where it differs", () => {
  expect(changeOf(shop, typed, { retention: null, encryption_key_id: 4, storages: ["local", "s3"] })).toEqual({ retention: null, encryption_key_id: 4, storages: ["local", "s3"] });
});
