import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFailed, test } from "vitest";
import type { Program } from "../e2e/program.ts";
import { filled, startCluster, type Cluster } from "./cluster.ts";

const postgres = inject("postgres");

let cluster: Cluster, executor: Program;
beforeAll(async () => { cluster = await startCluster(); });
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(() => onTestFailed(() => console.log(cluster.output().slice(-6_000))));

/** A backup that waits for a lock while it runs; `release` lets it go on. */
async function heldBackup(): Promise<AsyncDisposable & { id: number; job_id: number; release(): Promise<unknown> }> {
  const database = await filled(cluster, postgres, 20);
  await database.connection.query("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE");
  const { id, job_id } = await cluster.client.backUp(database.id);
  await cluster.client.reached("backup", id, ["running"]);
  return { id, job_id, release: () => database.connection.query("ROLLBACK"), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

const logOf = async (id: number): Promise<string[]> => (await cluster.client.call<{ log: { event: string }[] }>("GET", `/api/backups/${id}/log`)).log.map(({ event }) => event);
const workFolders = (): Promise<string[]> => readdir(join(cluster.data_dir, "executor", "work"));
/** Ends an executor in order, once it is there to be told; it has then left nothing of its own. */
async function stop(program: Program): Promise<void> {
  await until("it to be there", async () => (await cluster.client.call<{ executors: { id: string }[] }>("GET", "/api/executors")).executors.some(({ id }) => id.includes(`-${program.pid}-`)), { timeout_ms: 60_000 });
  program.signal("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect((await workFolders()).filter((name) => name.startsWith(`${program.pid}.`))).toEqual([]);
}

test("an executor that is told to end takes nothing more, and what it runs may end; the next one takes the rest", async () => {
  await cluster.killExecutor();
  executor = await cluster.startExecutor({ SAFEBASE_DRAIN_S: "60" });
  await using held = await heldBackup();
  const stopped = stop(executor);
  await until("it to say so", async () => (await cluster.client.call<{ executors: { state: string }[] }>("GET", "/api/executors")).executors.some(({ state }) => state === "draining"));
  await using database = await filled(cluster, postgres, 20);
  const waiting = await cluster.client.backUp(database.id);
  await held.release();
  expect(await cluster.client.ended("backup", held.id)).toMatchObject({ status: "completed" });
  await stopped;
  expect(await logOf(held.id)).not.toContain("handed_back");
  expect(await cluster.client.call("GET", `/api/backups/${waiting.id}`)).toMatchObject({ backup: { status: "pending" } });
  executor = await cluster.startExecutor({ SAFEBASE_DRAIN_S: "0" });
  expect(await cluster.client.ended("backup", waiting.id)).toMatchObject({ status: "completed" });
});

test("what does not end in time is handed back, and counts for nothing", async () => {
  await using held = await heldBackup(); // by the executor that waits for nothing
  await stop(executor);
  executor = await cluster.startExecutor();
  await until("another run", async () => (await cluster.client.call<{ job: { attempts: number } }>("GET", `/api/jobs/${held.job_id}`)).job.attempts === 2);
  expect(await logOf(held.id)).toContain("handed_back");
  await held.release();
  expect(await cluster.client.ended("backup", held.id)).toMatchObject({ status: "completed", error_msg: null });
});

test("three executors are replaced one after the other under load: nothing is lost, nothing doubled", async () => {
  const before = (await cluster.artifacts()).length;
  await using database = await filled(cluster, postgres, 20);
  const executors = [executor, await cluster.startExecutor(), await cluster.startExecutor()];
  const backups: { id: number }[] = [];
  for (let n = 0; n < 24; n++) backups.push(await cluster.client.backUp(database.id));
  for (const old of executors) {
    await stop(old);
    await cluster.startExecutor();
  }
  for (const { id } of backups) expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed", error_msg: null });
  await until("their artifacts and nothing else", async () => (await cluster.artifacts()).length - before === 2 * backups.length, { timeout_ms: 20_000 });
});
