import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { openTestApp, type TestApp } from "./app-fixture.ts";

const SECRET = "s3cr3t-Pässword";
const FIELDS = { name: "shop", type: "postgresql", host: "127.0.0.1", port: 5432, username: "backup", password: SECRET, db_name: "shop" };

let test: TestApp;
let token: string, other: string;
let schedulesChanged: number;
beforeEach(async () => {
  schedulesChanged = 0;
  const dispatcher = { schedulesChanged: () => { schedulesChanged++; } } as Dispatcher;
  test = await openTestApp({}, { dispatcher });
  token = await test.account("admin@example.org");
  other = await test.account("other@example.org");
});
afterEach(() => test[Symbol.asyncDispose]());

const create = (json: unknown, as = other) => test.call("POST", "/api/databases", { token: as, json });
const update = (json: unknown, id = 1) => test.call("PUT", `/api/databases/${id}`, { token: other, json });

describe("POST /api/databases", () => {
  it("registers by fields and keeps the password to itself", async () => {
    const answer = await create(FIELDS);
    expect(answer.status).toBe(201);
    const { password: _, ...shown } = FIELDS;
    expect(answer.body.database).toEqual({
      ...shown, id: 1, user_id: 2, has_password: true, ssl_mode: "prefer", ssl_ca: null, executor_group: "default", retention: null, encryption_key_id: null, server_id: null, missing_since: null, storages: null, effective_storages: ["local"], created_at: expect.any(String), updated_at: expect.any(String),
    });
    const [row] = await test.db.selectFrom("databases").selectAll().execute();
    expect(row?.password_sealed).toMatch(/^v1\./);
    expect(test.deps.secrets.open(row?.password_sealed ?? "", "connection")).toBe(SECRET);
    expect(test.told).toMatchObject([{ user_id: 2, event: "database", data: { id: 1, name: "shop" } }]);
    const everything = JSON.stringify([row, test.told, await test.db.selectFrom("audit").selectAll().execute(), answer.text, (await test.call("GET", "/api/databases", { token: other })).text]);
    expect(everything).not.toContain(SECRET);
  });

  it("registers by a connection string", async () => {
    const answer = await create({ name: "app", url: `mysql://root:${encodeURIComponent(SECRET)}@db.example/my%20app?ssl-mode=REQUIRED` });
    expect(answer.body.database).toMatchObject({ type: "mysql", host: "db.example", port: 3306, username: "root", db_name: "my app", ssl_mode: "require", has_password: true });
    expect(answer.text).not.toContain("s3cr3t");
  });

  it("takes a port as text, a default one, no password, and any database name", async () => {
    expect((await create({ ...FIELDS, port: "6543" })).body.database.port).toBe(6543);
    const { port: _, password: __, ...rest } = FIELDS;
    expect((await create({ ...rest, type: "mariadb" })).body.database).toMatchObject({ port: 3306, has_password: false });
    for (const db_name of [`a b`, `"; drop`, "a=b", "../../etc", "日本語", "--help", "$(id)"]) expect((await create({ ...FIELDS, db_name })).body.database.db_name).toBe(db_name);
  });

  it.each([
    [{ ...FIELDS, type: "oracle" }, "unsupported database type: oracle"],
    [{ ...FIELDS, type: 5 }, "type must be postgresql, mysql or mariadb, got 5"],
    [{ ...FIELDS, type: undefined }, "type is missing"],
    [{ ...FIELDS, port: "abc" }, 'port must be a whole number from 1 to 65535, got "abc"'],
    [{ ...FIELDS, port: 0 }, "port must be a whole number from 1 to 65535, got 0"],
    [{ ...FIELDS, port: 65536 }, "port must be a whole number from 1 to 65535, got 65536"],
    [{ ...FIELDS, port: 1.5 }, "port must be a whole number from 1 to 65535, got 1.5"],
    [{ ...FIELDS, port: true }, "port must be a whole number from 1 to 65535, got true"],
    [{ ...FIELDS, port: null }, "port must be a whole number from 1 to 65535, got null"],
    [{ ...FIELDS, host: "" }, 'host must have at least 1 character, got ""'],
    [{ ...FIELDS, host: "a b" }, "host must be a name or an address, without spaces, /, @, ? or #"],
    [{ ...FIELDS, db_name: "a\0b" }, "db_name must not hold the character NUL (U+0000)"],
    [{ ...FIELDS, password: "a\nb" }, "password may not hold line breaks or zero bytes"],
    [{ ...FIELDS, password: 7 }, "password must be text"],
    [{ ...FIELDS, ssl_mode: "on" }, 'ssl_mode must be disable, prefer, require, verify-ca or verify-full, got "on"'],
    [{ ...FIELDS, ssl_ca: "/etc/ssl/ca.pem" }, 'ssl_ca must be a PEM certificate, got "/etc/ssl/ca.pem"'],
    [{ name: "x" }, "type, host, username and db_name are missing"],
    [{}, "name, type, host, username and db_name are missing"],
    [{ ...FIELDS, hostname: "x" }, "unknown field: hostname"],
    [{ name: "x", url: "postgres://u:p@h/d", port: 1 }, "unknown field: port"],
    [{ url: "postgres://u:p@h/d" }, "name is missing"],
    [{ name: "x", url: "oracle://u:p@h/d" }, "unsupported database type: oracle"],
    [{ name: "x", url: "postgres://u:p@h/d?sslrootcert=/x" }, "sslrootcert in the connection string names a file, which the executor does not have"],
    [{ name: "x", url: 7 }, "url must be text"],
  ])("%j is refused", async (json, error) => {
    expect(await create(json)).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
    expect(await test.db.selectFrom("databases").selectAll().execute()).toEqual([]);
  });

  it("answers anything at all with 201 or a clear 400, without the password", async () => {
    const value = fc.oneof(fc.jsonValue(), fc.string());
    const keys = [...Object.keys(FIELDS), "url", "ssl_mode", "ssl_ca"];
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value), async (change) => {
      const { status, body, text } = await create({ ...FIELDS, ...change });
      expect([201, 400]).toContain(status);
      if (status === 400) expect(body.error).toMatch(/^[^\n]{5,}$/);
      expect(text).not.toContain(SECRET);
    }), { numRuns: 150 });
  });
});

describe("isolation", () => {
  it("shows and touches one's own only, an admin's too, unless he asks for all", async () => {
    await create(FIELDS);
    await create({ ...FIELDS, name: "the admin's" }, token);
    for (const [as, name] of [[token, "the admin's"], [other, "shop"]] as const) {
      expect((await test.call("GET", "/api/databases", { token: as })).body.databases.map((one: { name: string }) => one.name)).toEqual([name]);
    }
    for (const [method, json] of [["GET", undefined], ["PUT", { name: "stolen" }], ["DELETE", undefined]] as const) {
      expect((await test.call(method, "/api/databases/1", { token, ...(json === undefined ? {} : { json }) })).status, method).toBe(404);
      expect((await test.call(method, "/api/databases/2", { token: other, ...(json === undefined ? {} : { json }) })).status, method).toBe(404);
    }
    expect((await test.call("GET", "/api/databases?scope=all", { token })).body.databases).toHaveLength(2);
    expect((await test.call("PUT", "/api/databases/1?scope=all", { token, json: { name: "helped" } })).body.database).toMatchObject({ name: "helped", user_id: 2 });
    expect((await test.call("GET", "/api/audit", { token: other })).body.entries.map((one: { action: string }) => one.action)).toEqual(["database.create", "auth.register"]);
    expect((await test.call("GET", "/api/audit?scope=all&action=database.update", { token })).body).toMatchObject({
      entries: [{ actor: "admin@example.org", action: "database.update", object_type: "database", object_id: 1, outcome: "ok", detail: { changed: ["name"] } }],
      pagination: { page: 1, per_page: 50, total: 1, pages: 1 },
    });
  });
});

describe("PUT /api/databases/:id", () => {
  beforeEach(async () => { await create(FIELDS); });
  const sealed = async () => (await test.db.selectFrom("databases").select("password_sealed").executeTakeFirstOrThrow()).password_sealed;

  it("changes what is given and keeps the rest, the password too", async () => {
    const before = await sealed();
    expect((await update({ name: "renamed", db_name: "shop2" })).body.database).toMatchObject({ name: "renamed", db_name: "shop2", host: FIELDS.host, has_password: true });
    expect(await sealed()).toBe(before);
    await update({ password: "another" });
    expect(test.deps.secrets.open(await sealed() ?? "", "connection")).toBe("another");
    expect((await update({ password: null })).body.database.has_password).toBe(false);
  });

  it.each([
    [{ host: "evil.example" }, "host"], [{ port: 1 }, "port"], [{ username: "root" }, "username"], [{ ssl_mode: "disable" }, "ssl_mode"],
    [{ type: "mysql" }, "type"], [{ host: "evil.example", port: "99" }, "host, port"], [{ url: "postgres://backup@evil.example/shop" }, "host"],
  ])("%j needs the password again, else a stolen session could send it elsewhere", async (json, moved) => {
    expect(await update(json)).toMatchObject({ status: 400, body: { error: `password is missing: it must be given again when ${moved} changes` } });
    expect((await update({ ...json, ...("url" in json ? { url: "postgres://backup:new@evil.example/shop" } : { password: "new" }) })).status).toBe(200);
  });

  it("refuses bad values like a new registration does", async () => {
    expect(await update({ port: "abc" })).toMatchObject({ status: 400, body: { error: 'port must be a whole number from 1 to 65535, got "abc"' } });
    expect(await update({ type: "oracle" })).toMatchObject({ status: 400, body: { error: "unsupported database type: oracle" } });
    expect(await update({ user_id: 1 })).toMatchObject({ status: 400, body: { error: "unknown field: user_id" } });
    expect((await update({ name: "x" }, 7)).status).toBe(404);
  });
});

describe("DELETE /api/databases/:id", () => {
  beforeEach(async () => { await create(FIELDS); });
  const remove = () => test.call("DELETE", "/api/databases/1", { token: other });
  const now = new Date().toISOString();

  async function addBackup(status: "running" | "completed"): Promise<void> {
    await test.db.insertInto("backups").values({
      user_id: 2, database_id: 1, schedule_id: null, planned_at: null, trigger: "manual", type: "postgresql", format: "custom", compression: "zstd",
      stem: "x", filename: null, filepath: null, status, size_bytes: 5, raw_size_bytes: null, sha256: null, server: null, tool: null, contents: null, warnings: null,
      error_code: null, error_msg: null, created_at: now, started_at: null, finished_at: null, updated_at: now, deleted_at: null, purged_at: null,
    }).execute();
    await test.db.insertInto("jobs").values({
      user_id: 2, kind: "backup", status, backup_id: 1, restore_id: null, executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before: now, after_job_id: null,
      published_at: null, cancel_requested_at: null, attempts: 0, run_id: null, executor_id: null, created_at: now, started_at: null, finished_at: null,
    }).execute();
  }

  it("removes one without a history entirely", async () => {
    expect(await remove()).toMatchObject({ status: 200, body: { message: "the database is unregistered; its backups stay" } });
    expect(await test.db.selectFrom("databases").selectAll().execute()).toEqual([]);
    expect(test.told.at(-1)).toEqual({ user_id: 2, event: "database", data: { id: 1, deleted: true } });
    expect((await remove()).status).toBe(404);
  });

  it("keeps one with backups for their sake, without password, and ends its schedules", async () => {
    await addBackup("completed");
    await test.db.insertInto("schedules").values({ user_id: 2, database_id: 1, name: "x", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, effective_from: now, created_at: now, updated_at: now }).execute();
    expect((await remove()).status).toBe(200);
    expect(await test.db.selectFrom("databases").select(["deleted_at", "password_sealed"]).execute()).toEqual([{ deleted_at: expect.any(String), password_sealed: null }]);
    expect(await test.db.selectFrom("schedules").selectAll().execute()).toEqual([]);
    expect(schedulesChanged).toBe(1);
    expect((await test.call("GET", "/api/databases/1", { token: other })).status).toBe(404);
    expect((await test.call("GET", "/api/databases", { token: other })).body.databases).toEqual([]);
  });

  it("waits for jobs", async () => {
    await addBackup("running");
    expect(await remove()).toMatchObject({ status: 409, body: { error: "shop has jobs that wait or run", code: "conflict", hint: "wait for them or cancel them first" } });
    expect((await test.call("GET", "/api/databases/1", { token: other })).body.database.has_password).toBe(true);
  });
});
