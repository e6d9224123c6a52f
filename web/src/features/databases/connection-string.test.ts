import { expect, it } from "vitest";
import { MASKED, readConnection, shownConnection } from "./connection-string.ts";

const SHOP = { type: "postgresql", host: "db.example", port: "5433", username: "backup", password: "s3cret", db_name: "shop", ssl_mode: "require" };

it.each([
  "postgres://backup:s3cret@db.example:5433/shop?sslmode=require",
  "  DATABASE_URL=\"postgresql://backup:s3cret@db.example:5433/shop?ssl=true\"\n",
  "psql 'postgresql://backup:s3cret@db.example:5433/shop?sslmode=require'",
  "jdbc:postgresql://db.example:5433/shop?user=backup&password=s3cret&ssl=true",
  "postgresql+psycopg2://backup:s3cret@db.example:5433/shop?sslmode=require",
  "host=db.example port=5433 user=backup password='s3cret' dbname=shop sslmode=require",
])("%s", (text) => {
  expect(readConnection(text)).toEqual({ fields: SHOP, left_out: [] });
});

it.each([
  ["mysql://root:p%40ss%2Fw@[::1]/a%20b", { type: "mysql", host: "::1", port: "", username: "root", password: "p@ss/w", db_name: "a b" }],
  ["mariadb://u:a/b?c#d@e%@h:3307/x", { type: "mariadb", host: "h", port: "3307", username: "u", password: "a/b?c#d@e%", db_name: "x" }],
  ["postgres://u:p@h/d?mail=a@b", { host: "h", username: "u", password: "p", db_name: "d" }],
  ["postgres://h/d", { host: "h", db_name: "d" }],
  ["mysql://u@h:3306", { username: "u", password: "", host: "h", port: "3306", db_name: "" }],
  ["mysql://u:p@h/d?ssl-mode=VERIFY_IDENTITY", { ssl_mode: "verify-full" }],
])("%s", (text, fields) => {
  expect(readConnection(text)?.fields).toMatchObject(fields);
});

it("names what it leaves out", () => {
  expect(readConnection("postgres://u:p@a.example,b.example/d?sslmode=require&channel_binding=require")?.left_out).toEqual(["b.example", "channel_binding"]);
});

it.each(["", "shop", "https://db.example/shop", "u:p@host/db", "a=b c=d", "redis://h/0"])("%j is none", (text) => {
  expect(readConnection(text)).toBeUndefined();
});

it("is shown without its password, and read back as it was but for that", () => {
  const odd = { ...SHOP, host: "::1", username: "a:b@c", db_name: "x/y?z", ssl_mode: "prefer" };
  for (const fields of [SHOP, odd]) {
    const shown = shownConnection(fields);
    expect(shown).not.toContain("s3cret");
    expect(readConnection(shown)).toEqual({ fields: { ...fields, password: expect.stringMatching(MASKED) as string }, left_out: [] });
  }
  expect(shownConnection({ ...SHOP, host: " " })).toBe("");
});
