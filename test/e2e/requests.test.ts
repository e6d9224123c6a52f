import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSecrets } from "@safebase/runtime";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Client, type Json } from "../client.ts";
import { filledDatabase, startSystem, type System } from "./system.ts";

let system: System;
let ann: Client;
beforeAll(async () => {
  system = await startSystem();
  ann = await system.newUser("ann@example.org");
});
afterAll(() => system[Symbol.asyncDispose]());

const DATABASE = { name: "shop", type: "postgresql", host: "127.0.0.1", port: 5432, username: "me", password: "top secret", db_name: "shop" };
const PORT = "port must be a whole number from 1 to 65535, got";

describe("a bad request gets its status and a sentence, and registers nothing", () => {
  const without = (...names: string[]): Json => Object.fromEntries(Object.entries(DATABASE).filter(([name]) => !names.includes(name)));
  test.each<[Json | string, string]>([
    [{ ...DATABASE, type: "oracle" }, "unsupported database type: oracle"],
    [{ name: "x", url: "oracle://me:top secret@127.0.0.1:1521/shop" }, "unsupported database type: oracle"],
    [{ ...DATABASE, port: 0 }, `${PORT} 0`],
    [{ ...DATABASE, port: 65_536 }, `${PORT} 65536`],
    [{ ...DATABASE, port: -1 }, `${PORT} -1`],
    [{ ...DATABASE, port: 1.5 }, `${PORT} 1.5`],
    [{ ...DATABASE, port: "many" }, `${PORT} "many"`],
    [{ name: "x", url: "postgres://me:top secret@127.0.0.1:99999/shop" }, "the port in the connection string must be a whole number from 1 to 65535"],
    [without("host"), "host is missing"],
    [without("type", "username", "db_name"), "type, username and db_name are missing"],
    [{}, "name, type, host, username and db_name are missing"],
    [{ ...DATABASE, db_name: "" }, 'db_name must have at least 1 character, got ""'],
    [{ ...DATABASE, db_name: "a\nb" }, "db_name may not hold line breaks or zero bytes"],
    [{ ...DATABASE, passwort: "top secret" }, "unknown field: passwort"],
    [{ ...DATABASE, password: 7 }, "password must be text"],
    ["[1]", "the body must be a JSON object"],
    ['{"name": "shop",}', "malformed JSON at line 1, column 17"],
    ["", "name, type, host, username and db_name are missing"],
  ])("%j", async (body, error) => {
    const answer = await ann.ask("POST", "/api/databases", body);
    expect(answer).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
    expect(JSON.stringify(answer.body)).not.toContain("top secret");
    expect(await ann.call("GET", "/api/databases")).toEqual({ databases: [] });
  });

  test("what is no JSON by its name, and what is too large", async () => {
    expect(await ann.ask("POST", "/api/databases", "name=shop", { "content-type": "application/x-www-form-urlencoded" }))
      .toMatchObject({ status: 400, body: { error: 'the body must be sent as application/json, got "application/x-www-form-urlencoded"' } });
    expect(await ann.ask("POST", "/api/databases", { ...DATABASE, name: "x".repeat(1024 * 1024) }))
      .toMatchObject({ status: 413, body: { error: "the body is larger than 1 MiB", code: "too_large" } });
  });

  test("backups, restores and schedules that cannot be", async () => {
    await using database = await filledDatabase(inject("mariadb"), ann, "shop", 10);
    const backups = `/api/backups/database/${database.id}`;
    expect(await ann.ask("POST", backups, { format: "custom" })).toMatchObject({ status: 400, body: { error: "format: custom is a format of PostgreSQL; a mariadb database is backed up as sql" } });
    expect(await ann.ask("POST", backups, { compression: "rar" })).toMatchObject({ status: 400, body: { error: 'compression must be zstd, gzip, zip or none, got "rar"' } });
    expect(await ann.ask("POST", backups, { storages: ["s4"] })).toMatchObject({ status: 400 });
    expect(await ann.call("GET", "/api/backups")).toMatchObject({ backups: [] });

    const backup = await ann.backedUp(database.id);
    const restore = (body: Json) => ann.ask("POST", `/api/backups/${backup.id}/restore`, body);
    expect(await restore({})).toMatchObject({ status: 400, body: { error: "confirm is missing" } });
    expect(await restore({ confirm: "shop" })).toMatchObject({ status: 400, body: { error: `confirm: type the name of the database that is written to: ${database.db_name}` } });
    expect(await restore({ confirm: database.db_name, delay_s: -1 })).toMatchObject({ status: 400, body: { error: "delay_s must be at least 0, got -1" } });
    expect(await restore({ confirm: "x".repeat(65), target: { db_name: "x".repeat(65) } })).toMatchObject({ status: 400, body: { error: "target.db_name must have 1 to 64 characters" } });
    const other = await ann.addDatabase(inject("postgres"), "other");
    expect(await restore({ confirm: "other", target: { database_id: other } })).toMatchObject({ status: 400, body: { error: "target: a backup of mariadb cannot be restored to a postgresql database" } });
    expect(await ann.call("GET", "/api/restores")).toMatchObject({ restores: [] });

    const schedule = (body: Json) => ann.ask("POST", "/api/schedules", { database_id: database.id, ...body });
    expect(await schedule({ cron: "99 * * * *" })).toMatchObject({ status: 400, body: { error: "cron: not a cron expression: 99 * * * *" } });
    expect(await schedule({ cron: "0 0 31 2 *" })).toMatchObject({ status: 400, body: { error: "cron: this time never comes: 0 0 31 2 *" } });
    expect(await schedule({ cron: "0 3 * * *", timezone: "Mars/Olympus" })).toMatchObject({ status: 400, body: { error: "timezone: unknown time zone: Mars/Olympus" } });
    expect(await ann.call("GET", "/api/schedules")).toMatchObject({ schedules: [] });
  });
});

describe("tokens", () => {
  const as = (token: string) => new Client(() => system.url, token).ask("GET", "/api/databases");

  test("none, a broken one, another's signature, an expired one, one that was logged out", async () => {
    expect(await as("")).toMatchObject({ status: 401, body: { error: "a token is needed", code: "unauthorized" } });
    expect(await as("x.y.z")).toMatchObject({ status: 401, body: { error: "the token is not valid" } });
    const key = (await loadSecrets(undefined, system.data_dir)).derive("jwt").toString("base64url");
    const now_s = Math.floor(Date.now() / 1000);
    const claims = { sub: "1", role: "admin", jti: "test", iat: now_s - 100, exp: now_s + 100 };
    expect((await as(signedToken(claims, key))).status).toBe(200); // so the next ones are refused for what they differ in
    expect(await as(signedToken({ ...claims, exp: now_s - 1 }, key))).toMatchObject({ status: 401, body: { error: "the token has expired", hint: expect.stringContaining("/auth/login") } });
    expect(await as(signedToken(claims, "another key"))).toMatchObject({ status: 401, body: { error: "the token is not valid" } });
    const unsigned = `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
    expect(await as(unsigned)).toMatchObject({ status: 401, body: { error: "the token is not valid" } });
    const leaver = await system.newUser("leaver@example.org");
    expect(await leaver.ask("POST", "/auth/logout")).toMatchObject({ status: 200 });
    expect(await leaver.ask("GET", "/api/databases")).toMatchObject({ status: 401, body: { error: "this session was logged out" } });
  });

  test("nobody gives himself the role admin", async () => {
    const nobody = new Client(() => system.url, "");
    const account = { email: "mallory@example.org", password: "a long password" };
    const refused = { status: 403, body: { error: "nobody gives himself the role admin", code: "forbidden" } };
    expect(await nobody.ask("POST", "/auth/register", { ...account, role: "admin" })).toMatchObject(refused);
    expect(await ann.ask("POST", "/auth/register", { ...account, role: "admin" })).toMatchObject(refused);
    const me = (await ann.call<{ user: { id: number } }>("GET", "/auth/me")).user;
    expect(await ann.ask("PATCH", `/api/users/${me.id}`, { role: "admin" })).toMatchObject({ status: 403 });
    expect(await ann.ask("GET", "/api/users")).toMatchObject({ status: 403 });
    expect(await ann.ask("GET", "/api/databases?scope=all")).toMatchObject({ status: 403, body: { error: "a user may not see what belongs to others" } });
    expect(await ann.call("GET", "/auth/me")).toMatchObject({ user: { role: "user" } });
    expect((await nobody.ask("POST", "/auth/login", { email: account.email, password: account.password })).status).toBe(401);
  });

  test("wrong passwords: told like an unknown account, then not looked at for a while", async () => {
    const nobody = new Client(() => system.url, "");
    const login = (email: string, password: string) => nobody.ask("POST", "/auth/login", { email, password });
    const wrong = { status: 401, body: { error: "the email or the password is wrong", code: "unauthorized" } };
    expect(await login("nobody@example.org", "a long password")).toMatchObject(wrong);
    for (let attempt = 0; attempt < 5; attempt++) expect(await login("ann@example.org", `guess ${attempt}`)).toMatchObject(wrong);
    const throttled = await login("ann@example.org", "a long password"); // the right one, too
    expect(throttled).toMatchObject({ status: 429, body: { error: "too many failed logins, try again later", code: "too_many_requests" } });
    const wait_s = Number(throttled.headers.get("retry-after"));
    expect(wait_s).toBeGreaterThan(60);
    expect(wait_s).toBeLessThanOrEqual(15 * 60);
    expect((await login("admin@example.org", "a long password")).status).toBe(200); // others are not locked out
    expect((await ann.ask("GET", "/api/databases")).status).toBe(200); // nor who is in already
    const { entries } = await system.admin.call<{ entries: unknown[] }>("GET", "/api/audit?scope=all&action=auth.login&outcome=refused");
    expect(entries).toContainEqual(expect.objectContaining({ actor: "ann@example.org", ip: "127.0.0.1" }));
  });

  test("no password is in the program's output, the audit log or the catalog", async () => {
    const { entries } = await system.admin.call<{ entries: unknown[] }>("GET", "/api/audit?scope=all&per_page=200");
    const catalog = await Promise.all(["catalog.db", "catalog.db-wal"].map((name) => readFile(join(system.data_dir, name), "latin1").catch(() => "")));
    expect(catalog.join("").length).toBeGreaterThan(10_000);
    for (const text of [system.program.output(), JSON.stringify(entries), ...catalog]) expect(text).not.toMatch(/a long password|top secret|guess 3/);
  });
});

const part = (json: Json): string => Buffer.from(JSON.stringify(json)).toString("base64url");

/** A JWT as the gateway signs it. */
function signedToken(claims: Json, key: string): string {
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
