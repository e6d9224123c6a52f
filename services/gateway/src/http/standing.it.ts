import { BUCKETS, subjects, type ExecutorHeartbeat, type StorageReport, type Tick } from "@safebase/contracts";
import { beat, startHeartbeat } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "./gateway-fixture.ts";

describe("objectives, executors and storages over HTTP", () => {
  let gateway: TestGateway, admin: string, bob: string, database_id: number;
  beforeAll(async () => {
    gateway = await startTestGateway();
    admin = await gateway.account("admin@example.org");
    bob = await gateway.account("bob@example.org");
    database_id = await gateway.database(bob);
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  test("a database has two objectives from the start, which its owner sees and changes", async () => {
    const { body } = await gateway.call("GET", `/api/objectives?database_id=${database_id}`, { token: bob });
    expect(body).toMatchObject({
      objectives: [{ kind: "backup", database_name: "My shop", state: "none", limit_s: null, automatic: true, enabled: true, next_run_at: null }, { kind: "verification" }],
      pagination: { total: 2 },
    });
    const path = `/api/objectives/${body.objectives[0].id}`;
    expect(await gateway.call("PUT", path, { token: bob, json: { max_age_s: 90_000 } })).toMatchObject({ status: 200, body: { objective: { state: "met", limit_s: 90_000, automatic: false } } });
    expect(await gateway.call("GET", path, { token: bob })).toMatchObject({ status: 200, body: { objective: { max_age_s: 90_000, age_s: null, newest_at: null } } });
    expect(await gateway.call("GET", "/api/objectives?state=met", { token: bob })).toMatchObject({ body: { pagination: { total: 1 } } });
    expect((await gateway.call("DELETE", path, { token: bob })).status).toBe(404);
  });

  test("to another they are missing; an admin has to ask for everybody's", async () => {
    const { body } = await gateway.call("GET", "/api/objectives", { token: bob });
    const path = `/api/objectives/${body.objectives[0].id}`;
    for (const [method, json] of [["GET"], ["PUT", { enabled: false }]] as const) {
      expect(await gateway.call(method, path, { token: admin, ...(json === undefined ? {} : { json }) }), method).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    expect((await gateway.call("GET", "/api/objectives", { token: admin })).body.objectives).toEqual([]);
    expect((await gateway.call("GET", `${path}?scope=all`, { token: admin })).status).toBe(200);
  });

  test.each([
    [{ max_age_s: 59 }, /^max_age_s /], [{ max_age_s: 1.5 }, /^max_age_s /], [{ max_age_s: "1d" }, /^max_age_s /], [{ enabled: 1 }, /^enabled /], [{ limit_s: 60 }, /limit_s/],
  ])("%j is refused by its name", async (json, error) => {
    const { body } = await gateway.call("GET", "/api/objectives", { token: bob });
    expect(await gateway.call("PUT", `/api/objectives/${body.objectives[0].id}`, { token: bob, json })).toMatchObject({ status: 400, body: { error: expect.stringMatching(error) } });
  });

  test("everybody sees that executors live, admins see which", async () => {
    const heartbeat: ExecutorHeartbeat = {
      executor_id: "e1", host: "cellar", group: "east", version: "9.9.9", clients: [{ name: "pg_dump", version: "17.1" }], running_jobs: [4], concurrency: 3, draining: true, started_at: new Date(0).toISOString(), at: new Date().toISOString(),
    };
    await using _executor = beat(gateway.bus, BUCKETS.executors, "east.e1", async () => heartbeat);
    await using _scheduler = startHeartbeat(gateway.bus, "scheduler");
    const seen = async (token: string) => (await gateway.call("GET", "/api/executors", { token })).body as { groups: { usable: boolean }[]; services: { alive: number }[] };
    await until("both to be seen, and the group to be there", async () => {
      const { groups, services } = await seen(admin);
      return groups[1]?.usable === true && services[1]?.alive === 1;
    }, { timeout_ms: 20_000 });
    const [home, east] = [{ group: "default", alive: 0, databases: 1, own: true, open: true, note: null, usable: true }, { group: "east", alive: 1, databases: 0, own: false, open: false, note: null, usable: true }];
    expect((await seen(admin)).groups).toEqual([home, east]);
    expect(await seen(bob)).toEqual({
      version: expect.any(String),
      groups: [home],
      services: [{ name: "gateway", alive: 1 }, { name: "scheduler", alive: 1 }, { name: "notifier", alive: 0 }], executors: null,
    });
    const { body } = await gateway.call("GET", "/api/executors", { token: admin });
    const { executor_id: id, at: _at, draining: _, ...shown } = heartbeat;
    expect(body.executors).toEqual([{ ...shown, id, state: "draining", jobs: [], last_seen_at: expect.any(String) }]);
  });

  test("everybody sees how full storages are, admins see how much that is", async () => {
    const report: StorageReport = { storages: [{ storage: "local", used_bytes: 7, free_bytes: 75, total_bytes: 1_000 }], problems: [], at: new Date().toISOString() };
    using _executor = await gateway.bus.respond(subjects.storageReport("default"), "executors", async () => report);
    const tick: Tick = { name: "storage_check", planned_at: new Date().toISOString() };
    await gateway.bus.publish(subjects.tick(tick.name), tick, { signal: AbortSignal.timeout(10_000) });
    const storages = async (token: string) => (await gateway.call("GET", "/api/storages", { token })).body.storages[0].status as unknown[];
    const common = { group: "default", used_percent: 92.5, nearly_full: true, checked_at: expect.any(String), reachable: true, since: expect.any(String), error_code: null, error_msg: null, error_hint: null };
    await until("the report to be there", async () => (await storages(bob)).length === 1);
    expect(await storages(bob)).toEqual([{ ...common, used_bytes: null, free_bytes: null, total_bytes: null }]);
    expect(await storages(admin)).toEqual([{ ...common, used_bytes: 7, free_bytes: 75, total_bytes: 1_000 }]);
  });
});
