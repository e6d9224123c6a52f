import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { insertSchedule } from "../catalog/schedules.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { addPast, nightly, type Past } from "../retention/history-fixture.ts";
import { openTestApp, type TestApp } from "./app-fixture.ts";

const NOW = new Date("2026-11-20T12:00:00.000Z");
const FIELDS = { name: "shop", type: "mysql", host: "127.0.0.1", username: "backup", db_name: "shop" };

let test: TestApp;
let admin: string, ann: string;
beforeEach(async () => {
  test = await openTestApp({}, { now: () => NOW, dispatcher: { kick: () => { /* nobody listens */ } } as Dispatcher });
  admin = await test.account("admin@example.org");
  ann = await test.account("ann@example.org");
});
afterEach(() => test[Symbol.asyncDispose]());

const register = (fields: object = {}) => test.call("POST", "/api/databases", { token: ann, json: { ...FIELDS, ...fields } });
const preview = (json: object, token = ann, query = "") => test.call("POST", `/api/retention/preview${query}`, { token, json });
const pin = (id: number, pinned: unknown, token = ann, query = "") => test.call("PUT", `/api/backups/${id}${query}`, { token, json: { pinned } });
const actions = async (): Promise<string[]> => (await test.db.selectFrom("audit").select("action").orderBy("id").execute()).map(({ action }) => action);
/** Ann's database, its id 1, with a history of nights. */
const history = async (days: number, more: Partial<Past> = {}) => addPast(test.db, { id: 1, user_id: 2, type: "mysql" }, nightly(days, NOW, more));

const BAD: [unknown, string][] = [
  [{ keep_days: -1 }, "keep_days must be a whole number from 1 to 36500, got -1"],
  [{ keep_last: 0 }, "keep_last must be a whole number from 1 to 10000, got 0"],
  [{ daily: 1.5 }, "daily must be a whole number from 1 to 10000, got 1.5"],
  [{ weekly: "4" }, 'weekly must be a whole number from 1 to 10000, got "4"'],
  [{ monthly: null }, "monthly must be a whole number from 1 to 10000, got null"],
  [{ yearly: 10_001 }, "yearly must be a whole number from 1 to 10000, got 10001"],
  [{ keep_days: 1e9 }, "keep_days must be a whole number from 1 to 36500, got 1000000000"],
];

describe("a database's retention", () => {
  it("is kept as it is given, shown, and changed alone", async () => {
    expect((await register()).body.database.retention).toBeNull();
    expect((await register({ retention: null })).body.database.retention).toBeNull();
    const { body } = await register({ retention: { daily: 7, weekly: 4, monthly: 12 } });
    expect(body.database.retention).toEqual({ daily: 7, weekly: 4, monthly: 12 });
    const put = (json: object) => test.call("PUT", "/api/databases/3", { token: ann, json });
    expect((await put({ name: "renamed" })).body.database).toMatchObject({ name: "renamed", retention: { daily: 7, weekly: 4, monthly: 12 } });
    expect((await put({ retention: {} })).body.database).toMatchObject({ name: "renamed", retention: {} });
    expect((await put({ retention: null })).body.database.retention).toBeNull();
    expect((await put({ retention: { keep_last: 3 } })).body.database).toMatchObject({ host: "127.0.0.1", retention: { keep_last: 3 } });
    expect((await test.call("GET", "/api/databases/3", { token: ann })).body.database.retention).toEqual({ keep_last: 3 });
    expect((await test.call("GET", "/api/audit?action=database.update", { token: ann })).body.entries[0].detail).toEqual({ changed: ["retention"], retention: { keep_last: 3 } });
    const byUrl = await test.call("POST", "/api/databases", { token: ann, json: { name: "x", url: "mysql://u:p@h/d", retention: { keep_days: 9 } } });
    expect(byUrl.body.database.retention).toEqual({ keep_days: 9 });
  });

  it.each<[unknown, string]>([...BAD.map(([retention, error]): [unknown, string] => [retention, `retention.${error}`]),
    [{ keep_daily: 7 }, "unknown field: retention.keep_daily"], ["classic", 'retention must be a JSON object, got "classic"'], [7, "retention must be a JSON object, got 7"],
  ])("%j is refused, by name", async (retention, error) => {
    expect(await register({ retention })).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
    await register();
    expect(await test.call("PUT", "/api/databases/1", { token: ann, json: { retention } })).toMatchObject({ status: 400, body: { error } });
    expect(await test.call("PUT", "/api/databases/1", { token: ann, json: { url: "mysql://u:p@h/d", retention } })).toMatchObject({ status: 400, body: { error } });
  });

  it("is no part of a test of a connection", async () => {
    expect(await test.call("POST", "/api/databases/test", { token: ann, json: { ...FIELDS, retention: {} } })).toMatchObject({ status: 400, body: { error: "unknown field: retention" } });
  });
});

describe("POST /api/retention/preview", () => {
  it("shows what would go and why the others stay, and changes nothing", async () => {
    await register({ retention: { keep_last: 2 } });
    const ids = await history(4);
    const { status, body } = await preview({ database_id: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      remove: [{ id: ids[1], reason: "not one of the last 2" }, { id: ids[0], reason: "not one of the last 2" }],
      keep: [{ id: ids[3], reasons: ["last completed backup", "one of the last 2"] }, { id: ids[2], reasons: ["one of the last 2"] }],
      freed_bytes: 2_000_000, kept_bytes: 2_000_000,
    });
    expect(body.remove[0]).toEqual({
      id: ids[1], reason: "not one of the last 2", filename: "shop.sql.zst", type: "mysql", trigger: "manual", schedule_id: null, size: 1_000_000, pinned: false,
      verified_at: null, created_at: "2026-11-18T11:00:00.000Z", started_at: "2026-11-18T11:00:00.000Z", finished_at: "2026-11-18T11:01:00.000Z",
    });
    expect((await test.call("GET", "/api/backups", { token: ann })).body.pagination.total).toBe(4);
    expect(await actions()).toEqual(["auth.register", "auth.register", "database.create"]);
  });

  it("shows the effect of a policy that is not saved", async () => {
    await register({ retention: { keep_last: 1 } });
    await history(9);
    const kept = async (policy: unknown): Promise<number> => ((await preview({ database_id: 1, policy })).body.keep as unknown[]).length;
    expect([await kept({}), await kept(null), await kept({ keep_days: 3 }), await kept({ daily: 4, keep_last: 6 }), await kept(undefined)]).toEqual([9, 9, 3, 6, 1]);
  });

  it("of one schedule shows its backups alone, under its policy, a given one, or the database's", async () => {
    await register({ retention: { keep_last: 3 } });
    const at = NOW.toISOString();
    const { id } = await insertSchedule(test.db, {
      user_id: 2, database_id: 1, name: "n", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, effective_from: at, created_at: at, updated_at: at,
    });
    const own = await history(5, { schedule_id: id });
    await history(5);
    const sizes = async (more: object) => {
      const { keep, remove } = (await preview({ database_id: 1, schedule_id: id, ...more })).body as Record<"keep" | "remove", { id: number }[]>;
      expect(new Set([...keep, ...remove].map((one) => one.id))).toEqual(new Set(own));
      return [keep.length, remove.length];
    };
    expect(await sizes({})).toEqual([1, 4]); // the last three of the database: two of one kind, one of the other
    expect(await sizes({ policy: { keep_last: 4 } })).toEqual([4, 1]);
    await test.db.updateTable("schedules").set({ retention: '{"keep_last":2}' }).execute();
    expect(await sizes({})).toEqual([2, 3]);
    expect(await sizes({ policy: null })).toEqual([1, 4]);
  });

  it("is for one's own databases and schedules, an admin's for all who asks for all", async () => {
    await register();
    await register();
    const at = NOW.toISOString();
    const { id } = await insertSchedule(test.db, {
      user_id: 2, database_id: 2, name: "n", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, effective_from: at, created_at: at, updated_at: at,
    });
    expect(await preview({ database_id: 1 }, admin)).toMatchObject({ status: 404, body: { error: "database 1 not found" } });
    expect((await preview({ database_id: 1 }, admin, "?scope=all")).status).toBe(200);
    expect((await preview({ database_id: 1 }, ann, "?scope=all")).status).toBe(403);
    expect(await preview({ database_id: 1, schedule_id: id })).toMatchObject({ status: 404, body: { error: `schedule ${id} not found` } });
    expect(await preview({ database_id: 2, schedule_id: 99 })).toMatchObject({ status: 404, body: { error: "schedule 99 not found" } });
    await test.call("POST", "/api/databases", { token: admin, json: FIELDS });
    expect((await preview({ database_id: 3, schedule_id: id }, admin)).status).toBe(404);
    expect((await preview({ database_id: 2 ** 31 })).status).toBe(404);
  });

  it.each<[object, string]>([...BAD.map(([policy, error]): [object, string] => [{ database_id: 1, policy }, `policy.${error}`]),
    [{ database_id: 1, policy: { hourly: 1 } }, "unknown field: policy.hourly"], [{}, "database_id is missing"], [{ database_id: "1" }, 'database_id must be a number, got "1"'],
    [{ database_id: 1, schedule_id: null }, "schedule_id must be a number, got null"], [{ database_id: 1, days: 5 }, "unknown field: days"],
  ])("%j is refused, by name", async (json, error) => {
    expect(await preview(json)).toMatchObject({ status: 400, body: { error, code: "bad_request" } });
  });
});

describe("PUT /api/backups/:id", () => {
  beforeEach(async () => {
    await register();
    await history(2, { verified_at: "2026-11-20T11:30:00.000Z" });
  });

  it("pins and unpins, on record when something changes, and browsers see it", async () => {
    expect((await test.call("GET", "/api/backups/1", { token: ann })).body.backup).toMatchObject({ pinned: false, verified_at: "2026-11-20T11:30:00.000Z" });
    expect(await pin(1, true)).toMatchObject({ status: 200, body: { backup: { id: 1, pinned: true } } });
    expect((await pin(1, true)).status).toBe(200);
    expect((await test.call("GET", "/api/backups", { token: ann })).body.backups.map((one: { id: number; pinned: boolean }) => [one.id, one.pinned])).toEqual([[2, false], [1, true]]);
    expect(await pin(1, false)).toMatchObject({ status: 200, body: { backup: { pinned: false } } });
    expect((await actions()).slice(3)).toEqual(["backup.pin", "backup.unpin"]);
    expect(test.told.filter(({ event }) => event === "backup").map(({ data }) => data["pinned"])).toEqual([true, true, false]);
  });

  it("keeps a pinned backup from being deleted by hand", async () => {
    await pin(1, true);
    const remove = () => test.call("DELETE", "/api/backups/1", { token: ann });
    expect(await remove()).toMatchObject({ status: 409, body: { error: "backup 1 is pinned", code: "conflict", hint: 'unpin it first: PUT /api/backups/1 {"pinned": false}' } });
    await pin(1, false);
    expect((await remove()).status).toBe(200);
  });

  it("is for one's own backups", async () => {
    expect(await pin(1, true, admin)).toMatchObject({ status: 404, body: { error: "backup 1 not found" } });
    expect((await pin(1, true, ann, "?scope=all")).status).toBe(403);
    expect((await pin(1, true, admin, "?scope=all")).status).toBe(200);
  });

  it.each([["yes", 'pinned must be true or false, got "yes"'], [1, "pinned must be true or false, got 1"], [null, "pinned must be true or false, got null"], [undefined, "pinned is missing"]])(
    "%j is refused, by name", async (pinned, error) => {
      expect(await pin(1, pinned)).toMatchObject({ status: 400, body: { error } });
    });
});
