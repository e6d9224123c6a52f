import { STREAMS, subjects, TICKS, type Failure, type StorageReportRequest, type Tick } from "@safebase/contracts";
import { unsettled } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../catalog/schema.ts";
import { listStorageStatus } from "../catalog/storage-status.ts";
import { createStorage } from "../storages/create.ts";
import { getStorage } from "../storages/get.ts";
import { startRig, type Rig } from "./rig-fixture.ts";

const LOCAL = { name: "local", config_sealed: null };
const SWEEP = { group: "default", storages: [LOCAL] };

describe.each(["sqlite", "postgresql"] as const)("ticks on %s", (dialect) => {
  let rig: Rig, database: Database;
  beforeEach(async () => {
    rig = await startRig(dialect, { reconcile_s: 3_600 });
    database = await rig.database("postgresql");
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const tick = (name: Tick["name"], ago_ms = 0) => rig.core.bus.publish(
    subjects.tick(name), { name, planned_at: new Date(Date.now() - ago_ms).toISOString() } satisfies Tick, { signal: AbortSignal.timeout(10_000) });
  const taken = (name: Tick["name"]) => until(`the ${name} tick to be taken`, async () => await unsettled(rig.core.bus, STREAMS.events, `gateway-ticks-${name}`) === 0);
  const objectives = async (): Promise<number> => (await rig.db.selectFrom("objectives").select("id").execute()).length;
  const reports = (free_bytes: number) => rig.core.bus.respond(subjects.storageReport("default"), "executors", async () => (
    { storages: [{ storage: "local", used_bytes: 5, free_bytes, total_bytes: 100 }], at: new Date().toISOString() }));

  test("each does its work, on one gateway of several, while another kind's takes its time", async () => {
    const swept: unknown[] = [];
    using _sweeps = rig.core.bus.listen(subjects.sweep("default"), (payload) => swept.push(payload));
    const answer = Promise.withResolvers<object>();
    using _slow = await rig.core.bus.respond(subjects.storageReport("default"), "executors", () => answer.promise);
    rig.gateway();
    rig.gateway();
    await until("the first check", objectives);
    await rig.db.deleteFrom("objectives").execute();
    await tick("storage_check");
    for (const name of TICKS) if (name !== "storage_check") await tick(name);
    for (const name of TICKS) if (name !== "storage_check") await taken(name);
    expect([await objectives(), swept]).toEqual([2, [SWEEP]]);
    expect(await listStorageStatus(rig.db)).toEqual([]);
    answer.resolve({ storages: [{ storage: "local", used_bytes: 5, free_bytes: 10, total_bytes: 100 }], at: new Date().toISOString() });
    await taken("storage_check");
    expect(await listStorageStatus(rig.db)).toMatchObject([{ storage: "local", executor_group: database.executor_group, used_bytes: 5 }]);
  });

  test("an old one is dropped, and what is no tick holds up nothing", async () => {
    const swept: unknown[] = [];
    using _sweeps = rig.core.bus.listen(subjects.sweep("default"), (payload) => swept.push(payload));
    rig.gateway();
    await rig.core.bus.publish(subjects.tick("sweep"), { name: "storage_check" }, { signal: AbortSignal.timeout(10_000) });
    await tick("sweep", 6 * 60_000);
    await taken("sweep");
    expect(swept).toEqual([]);
    await tick("sweep", 4 * 60_000);
    await taken("sweep");
    expect(swept).toEqual([SWEEP]);
  });

  test("a storage that fills up is told of once, and again when it has space", async () => {
    rig.gateway();
    rig.gateway();
    const told = () => rig.told.notices.filter(({ storage }) => storage !== null).map(({ kind, storage }) => [kind, storage?.free_bytes]);
    const checked = async (free_bytes: number): Promise<void> => {
      using _executor = await reports(free_bytes);
      await tick("storage_check");
      await taken("storage_check");
      expect(await listStorageStatus(rig.db)).toMatchObject([{ free_bytes }]);
    };
    for (const free_bytes of [10, 9, 5, 11, 12]) await checked(free_bytes); // 90 % is the limit, and 88 % the way back
    await until("both to be told", () => told().length === 2);
    expect(told()).toEqual([["storage_nearly_full", 9], ["storage_has_space", 12]]);
    expect(rig.told.notices[0]).toMatchObject({ severity: "warning", user_id: null, storage: { id: "local", used_bytes: 5, free_bytes: 9, total_bytes: 100 } });
  });

  test("a storage that cannot be reached is told of once, to its owner, and again when it is back", async () => {
    const { storage } = await createStorage(rig.core, rig.ann, { name: "off", config: { type: "s3", endpoint: "https://192.0.2.1", bucket: "backups", access_key_id: "k", secret_access_key: "s" } });
    await rig.db.updateTable("databases").set({ storages: '["off"]' }).execute();
    rig.gateway();
    rig.gateway();
    const asked: StorageReportRequest[] = [];
    const checked = async (failure: Failure | null): Promise<void> => {
      using _executor = await rig.core.bus.respond(subjects.storageReport("default"), "executors", async (payload) => {
        asked.push(payload as StorageReportRequest);
        const room = { used_bytes: 5, free_bytes: null, total_bytes: null };
        return { storages: [{ ...room, storage: "local" }, ...(failure === null ? [{ ...room, storage: "off" }] : [])], problems: failure === null ? [] : [{ storage: "off", failure }], at: new Date().toISOString() };
      });
      await tick("storage_check");
      await taken("storage_check");
    };
    const failure = { code: "storage_refused", message: "the key does not exist", hint: "look at the key" } as const;
    const seen = async () => (await getStorage(rig.core, rig.ann, { id: storage.id })).status;
    await checked(null);
    expect(asked[0]).toEqual({ storages: [LOCAL, { name: "off", config_sealed: expect.stringMatching(/^v1\./) }] });
    for (let times = 0; times < 2; times++) await checked(failure);
    expect(await seen()).toMatchObject([{ group: "default", reachable: false, error_code: "storage_refused", error_msg: "the key does not exist", used_bytes: 5 }]);
    const [down] = await seen();
    expect(Date.parse(down!.since!)).toBeLessThanOrEqual(Date.parse(down!.checked_at));
    await checked(null);
    const [up] = await seen();
    expect(up).toMatchObject({ reachable: true, error_code: null, error_msg: null });
    expect(Date.parse(up!.since!)).toBeGreaterThan(Date.parse(down!.since!));
    await until("both to be told", () => rig.told.notices.length === 2);
    expect(rig.told.notices).toMatchObject([
      { kind: "storage_unreachable", severity: "critical", user_id: rig.ann.user_id, user_email: "ann@example.org", storage: { id: "off", free_bytes: null }, error: failure },
      { kind: "storage_back", severity: "info", user_id: rig.ann.user_id, storage: { id: "off" }, error: null },
    ]);
  });

  test("a group that nobody answers for keeps no other from being asked", async () => {
    const { id: _id, ...like } = database;
    await rig.db.insertInto("databases").values({ ...like, executor_group: "absent" }).execute();
    using _executor = await reports(50);
    rig.gateway();
    await tick("storage_check");
    await taken("storage_check");
    expect(await listStorageStatus(rig.db)).toMatchObject([{ executor_group: "default", free_bytes: 50 }]);
    expect(rig.told.notices).toEqual([]);
  });
});
