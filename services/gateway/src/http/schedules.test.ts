import { CLASSIC_RETENTION } from "@safebase/contracts";
import { VERSION } from "@safebase/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { openTestApp, type Answer, type TestApp } from "./app-fixture.ts";

const NOW = "2026-03-28T12:00:00.000Z"; // the clocks are put forward the night after

let test: TestApp;
let changes: number;
let admin: string, ann: string, bob: string;
let database_id: number;
beforeEach(async () => {
  changes = 0;
  const dispatcher = { schedulesChanged: () => { changes++; }, kick: () => { /* an objective changed, too */ } } as Dispatcher;
  test = await openTestApp({}, { dispatcher, now: () => new Date(NOW) });
  [admin, ann, bob] = [await test.account("admin@example.org"), await test.account("ann@example.org"), await test.account("bob@example.org")];
  database_id = await database(ann);
});
afterEach(() => test[Symbol.asyncDispose]());

async function database(token: string, type = "postgresql"): Promise<number> {
  const json = { name: "My shop", type, host: "127.0.0.1", port: 1, username: "u", password: "p", db_name: "shop" };
  return (await test.call("POST", "/api/databases", { token, json })).body.database.id as number;
}

function make(json: Record<string, unknown> = {}, token = ann): Promise<Answer> {
  return test.call("POST", "/api/schedules", { token, json: { database_id, cron: "30 2 * * *", timezone: "Europe/Paris", ...json } });
}

describe("/api/schedules", () => {
  it("answers every field, those that were left out as well", async () => {
    const { status, body } = await make();
    expect(status).toBe(201);
    expect(body.schedule).toEqual({
      id: 1, user_id: 2, database_id, database_name: "My shop", name: "My shop", cron: "30 2 * * *", timezone: "Europe/Paris", enabled: true, paused: false,
      format: null, compression: null, jobs: "auto", globals: false, storages: null, effective_storages: ["local"], retention: CLASSIC_RETENTION, jitter_s: 0, verify_every: null, verify_database_id: null,
      next_run_at: "2026-03-29T01:00:00.000Z",
      next_runs: ["2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z", "2026-03-31T00:30:00.000Z", "2026-04-01T00:30:00.000Z", "2026-04-02T00:30:00.000Z"],
      created_at: NOW, updated_at: NOW,
    });
    expect(changes).toBe(1);
    expect(test.told.findLast(({ event }) => event === "schedule")).toEqual({ user_id: 2, event: "schedule", data: body.schedule });
  });

  it("keeps what was said, and changes what is named", async () => {
    const said = {
      name: "nightly", enabled: false, format: "sql", compression: "gzip", storages: ["local"], retention: {}, jitter_s: 600, verify_every: 7, verify_database_id: await database(ann),
    };
    const { schedule } = (await make(said)).body;
    expect(schedule).toMatchObject({ ...said, next_run_at: null, next_runs: [] });
    const change = (json: Record<string, unknown>) => test.call("PUT", `/api/schedules/${schedule.id}`, { token: ann, json });
    expect((await change({ retention: { keep_last: 3, yearly: 10 } })).body.schedule).toEqual({ ...schedule, retention: { keep_last: 3, yearly: 10 } });
    expect((await change({ retention: null, cron: "@weekly", enabled: true })).body.schedule)
      .toMatchObject({ ...said, retention: null, cron: "0 0 * * 0", enabled: true, next_run_at: "2026-03-28T23:00:00.000Z" });
    const { body } = await test.call("GET", "/api/audit?object_type=schedule&scope=all", { token: admin });
    expect(body.entries.map((entry: { action: string; actor: string }) => [entry.action, entry.actor])).toEqual([
      ["schedule.update", "ann@example.org"], ["schedule.update", "ann@example.org"], ["schedule.create", "ann@example.org"],
    ]);
  });

  it.each([
    [{ retention: { keep_days: -3 } }, "retention.keep_days must be a whole number from 1 to 36500, got -3"],
    [{ retention: { daily: 1.5 } }, "retention.daily must be a whole number from 1 to 10000, got 1.5"],
    [{ retention: { hourly: 3 } }, "unknown field: retention.hourly"],
    [{ jitter_s: -1 }, "jitter_s must be at least 0, got -1"],
    [{ jitter_s: 3_601 }, "jitter_s must be at most 3600, got 3601"],
    [{ verify_every: 0 }, "verify_every must be at least 1, got 0"],
    [{ verify_every: 1_001 }, "verify_every must be at most 1000, got 1001"],
    [{ verify_database_id: 99 }, "verify_database_id: database 99 not found"],
    [{ storages: ["s3"] }, "storages: unknown storage: s3"],
    [{ storages: [] }, "storages must name at least one"],
    [{ cron: "* * * * * *" }, "cron: not a cron expression: * * * * * *"],
    [{ cron: "@reboot" }, "cron: not a cron expression: @reboot"],
    [{ cron: "0 0 30 2 *" }, "cron: this time never comes: 0 0 30 2 *"],
    [{ timezone: "Europe/Atlantis" }, "timezone: unknown time zone: Europe/Atlantis"],
    [{ cron: "*/5 * * * *", jitter_s: 200 }, "jitter_s must be at most 150, half the time between two runs, got 200"],
    [{ paused: true }, "unknown field: paused"],
  ])("refuses %j in a sentence", async (wrong, error) => {
    const { status, body } = await make(wrong);
    expect([body.error, status]).toEqual([error, "verify_database_id" in wrong ? 404 : 400]);
    const { schedule } = (await make()).body;
    expect((await test.call("PUT", `/api/schedules/${schedule.id}`, { token: ann, json: wrong })).body.error).toBe(error);
    expect((await test.call("GET", `/api/schedules/${schedule.id}`, { token: ann })).body).toMatchObject({ schedule });
  });

  it("belongs to the database's owner, also for what it is verified on", async () => {
    expect((await make({}, bob)).body.error).toBe(`database ${database_id} not found`);
    expect((await make({ verify_database_id: await database(bob) })).status).toBe(404);
    const { schedule } = (await make()).body;
    for (const [method, json] of [["GET"], ["PUT", { name: "mine" }], ["DELETE"]] as const) {
      const answer = await test.call(method, `/api/schedules/${schedule.id}`, { token: bob, ...(json === undefined ? {} : { json }) });
      expect([answer.status, answer.body.error], method).toEqual([404, `schedule ${schedule.id} not found`]);
    }
    expect((await test.call("GET", "/api/schedules", { token: bob })).body).toEqual({ schedules: [], pagination: { page: 1, per_page: 50, total: 0, pages: 0 } });
    expect((await test.call("GET", "/api/schedules?scope=all", { token: admin })).body).toMatchObject({ schedules: [schedule], pagination: { total: 1 } });
    const byAdmin = await test.call("PUT", `/api/schedules/${schedule.id}?scope=all`, { token: admin, json: { verify_database_id: await database(admin) } });
    expect(byAdmin.status).toBe(404); // an admin does not load one user's data into another's server
  });
});

describe("/api/schedules/preview", () => {
  const preview = (json: unknown, token = bob) => test.call("POST", "/api/schedules/preview", { token, json });

  it("tells anybody who is logged in when it would run, and what the clocks do to it", async () => {
    expect(await preview({ cron: " 30  2 * * *", timezone: "Europe/Paris" })).toMatchObject({ status: 200, body: {
      cron: "30 2 * * *", timezone: "Europe/Paris", longest_jitter_s: 3_600,
      next_runs: ["2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z", "2026-03-31T00:30:00.000Z", "2026-04-01T00:30:00.000Z", "2026-04-02T00:30:00.000Z"],
      clock_changes: [{ at: "2026-03-29T01:00:00.000Z", kind: "skipped" }, { at: "2026-10-25T00:30:00.000Z", kind: "repeated" }, { at: "2027-03-28T01:00:00.000Z", kind: "skipped" }],
    } });
    expect((await preview({ cron: "*/10 * * * *" })).body).toMatchObject({ timezone: "UTC", longest_jitter_s: 300, clock_changes: [] });
    expect((await test.call("GET", "/api/schedules?scope=all", { token: admin })).body.schedules).toEqual([]);
  });

  it.each([
    [{ cron: "61 * * * *" }, "cron: not a cron expression: 61 * * * *"], [{ cron: "0 0 30 2 *" }, "cron: this time never comes: 0 0 30 2 *"],
    [{ cron: "@daily", timezone: "+02:00" }, "timezone: unknown time zone: +02:00"], [{ timezone: "UTC" }, "cron is missing"], [{ cron: "@daily", database_id: 1 }, "unknown field: database_id"],
  ])("refuses %j in a sentence", async (wrong, error) => {
    expect(await preview(wrong)).toMatchObject({ status: 400, body: { code: "bad_request", error } });
  });
});

describe("/api/settings", () => {
  it("pauses all schedules, and is for admins", async () => {
    const { schedule } = (await make()).body;
    for (const method of ["GET", "PUT"]) {
      const answer = await test.call(method, "/api/settings", { token: ann, ...(method === "PUT" ? { json: { schedules_paused: true } } : {}) });
      expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
    const ask = () => test.call("GET", "/api/settings", { token: admin });
    const set = (json: unknown) => test.call("PUT", "/api/settings", { token: admin, json });
    expect((await ask()).body).toEqual({ settings: { schedules_paused: false, default_storages: ["local"], registration: "open", registration_fixed: false, version: VERSION } });
    changes = 0;
    expect(await set({ schedules_paused: true })).toMatchObject({ status: 200, body: { settings: { schedules_paused: true } } });
    expect((await set({})).body).toMatchObject({ settings: { schedules_paused: true, default_storages: ["local"] } });
    expect((await ask()).body).toMatchObject({ settings: { schedules_paused: true } });
    expect(changes).toBe(1);
    expect((await test.call("GET", `/api/schedules/${schedule.id}`, { token: ann })).body.schedule).toMatchObject({ ...schedule, paused: true, next_run_at: null, next_runs: [] });
    expect((await test.call("GET", "/api/stats", { token: ann })).body.next_runs).toEqual([]);
    expect((await set({ schedules_paused: "yes" })).body.error).toBe('schedules_paused must be true or false, got "yes"');
    await set({ schedules_paused: false });
    expect((await test.call("GET", "/api/schedules", { token: ann })).body.schedules).toMatchObject([schedule]);
    const { body } = await test.call("GET", "/api/audit", { token: admin });
    expect(body.entries.slice(0, 2).map((entry: { action: string }) => entry.action)).toEqual(["schedules.resume", "schedules.pause"]);
  });
});
