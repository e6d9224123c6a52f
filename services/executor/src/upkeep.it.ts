import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { StorageReport, subjects } from "@safebase/contracts";
import { acquireLease, Bus, createLog } from "@safebase/runtime";
import { StoragePool, type Storage } from "@safebase/storage";
import { startNats, tempDir, until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keepUp } from "./upkeep.ts";

const LOCAL = { name: "local", config_sealed: null };
const STEM = "postgresql/shop_postgresql_20260102_030405";

describe("upkeep", () => {
  let stack: AsyncDisposableStack, bus: Bus, pool: StoragePool, storage: Storage, root: string;
  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    const log = createLog("test", "silent");
    bus = stack.use(await Bus.connect({ url: stack.use(await startNats()).url, name: "test", lease_ttl_ms: 60_000, log }, new AbortController().signal));
    root = stack.use(await tempDir("upkeep")).path;
    pool = new StoragePool({ local_root: root, unseal: (sealed) => sealed });
    storage = await pool.open(LOCAL);
  });
  afterEach(() => stack.disposeAsync());

  const start = async (sweep_grace_s: number) => stack.use(await keepUp({ bus, log: createLog("test", "silent"), config: { executor_group: "east", sweep_grace_s }, pool }));
  const put = (key: string, size_bytes = 5) => storage.put(key, (async function* () { yield Buffer.alloc(size_bytes); })());
  /** The data of a job that died an hour ago. */
  const leave = async (id: number): Promise<void> => {
    const [key, then] = [`${STEM}_${id}.dump.zst`, new Date(Date.now() - 3_600_000)];
    await put(key);
    await utimes(join(root, key), then, then);
  };
  const keys = async () => (await Array.fromAsync(storage.list(""))).map(({ key }) => key);

  test("what interrupted jobs left goes at the start and when it is told; what is being written stays", async () => {
    await leave(1);
    await start(20); // told, it begins within 2 s; by itself after 80 s
    await until("the first to be gone", async () => (await keys()).length === 0);
    await using _lease = await acquireLease(bus, { group: "east", job_id: 3 }, { run_id: "r", executor_id: "e", stem: `${STEM}_3` });
    await Promise.all([leave(2), leave(3), put("foreign")]);
    bus.broadcast(subjects.sweep("west"), { group: "west", storages: [LOCAL] });
    bus.broadcast(subjects.sweep("east"), { group: "east", storages: [{ name: "gone", config_sealed: "no JSON" }, LOCAL] });
    await until("the second to be gone", async () => (await keys()).length === 2);
    expect(await keys()).toEqual(["foreign", `${STEM}_3.dump.zst`]);
  });

  test("without anybody who tells it, it sweeps all the same", async () => {
    await start(0.1);
    await leave(1);
    await until("it to be gone", async () => (await keys()).length === 0);
  });

  test("it says how much artifacts take, and how much room there is", async () => {
    await start(300);
    await put("a", 1_000);
    await put("b/c", 234);
    const report = StorageReport.parse(await bus.request(subjects.storageReport("east"), { storages: [LOCAL, { name: "gone", config_sealed: "no JSON" }] }, 5_000));
    const space = await storage.space();
    expect(report.storages).toEqual([{ storage: "local", used_bytes: 1_234, free_bytes: expect.any(Number), total_bytes: space?.total_bytes }]);
    expect(report.problems).toEqual([{ storage: "gone", failure: { code: "storage_refused", message: "the configuration of the storage gone cannot be read", hint: expect.any(String) } }]);
    await expect(bus.request(subjects.storageReport("west"), { storages: [] }, 5_000)).rejects.toMatchObject({ code: "no_executor" });
  });
});
