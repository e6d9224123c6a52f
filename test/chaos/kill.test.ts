import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFailed, test } from "vitest";
import { look, sideDatabasesGone } from "../e2e/system.ts";
import { filled, replaceExecutor, scratchExists, startCluster, type Cluster } from "./cluster.ts";

const postgres = inject("postgres");
const mariadb = inject("mariadb");

let cluster: Cluster;
/** The files that earlier tests have left in the storage. */
let before: readonly string[];
beforeAll(async () => { cluster = await startCluster(); });
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(async () => {
  onTestFailed(() => console.log(cluster.output().slice(-6_000)));
  before = await cluster.artifacts();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function added(): Promise<string[]> {
  return (await cluster.artifacts()).filter((name) => !before.includes(name));
}

/** Exactly one artifact more, with its manifest, and no temporary. */
async function expectOneArtifact(): Promise<void> {
  await until("leftovers to be gone", async () => (await added()).length === 2, { timeout_ms: 20_000 });
  const [first, second] = await added();
  const data = [first, second].find((name) => !name?.endsWith(".manifest.json"));
  expect([first, second]).toContain(data?.replace(/\.(dump|sql)\.zst$/, ".manifest.json"));
}

/** A manifest is there only once its data is, however far the dump had come. */
async function expectNoManifestAlone(folder: string | undefined): Promise<void> {
  const names = await cluster.artifacts(folder);
  for (const manifest of names.filter((name) => name.endsWith(".manifest.json"))) {
    expect(names, manifest).toContain(manifest.replace(/\.manifest\.json$/, ".dump.zst"));
  }
}

async function bytesOf(root: string, name: string): Promise<string> {
  const path = (await readdir(root, { recursive: true })).find((each) => each.endsWith(name));
  return readFile(join(root, path ?? name), "base64");
}

describe("the executor is killed", () => {
  // Moments after the job began, spread over the whole of a dump: connecting, dumping, storing, manifest, telling.
  test.each([0, 150, 400, 700, 1_100])("in a dump, %i ms after its start: one completed backup, nothing else", async (moment_ms) => {
    await using database = await filled(cluster, postgres);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.reached("backup", id, ["running", "completed"]);
    await pause(moment_ms); // not a wait for anything: the moment of death is what is tested
    await replaceExecutor(cluster);
    expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed", error_msg: null });
    await expectOneArtifact();
    const copy = `${database.db_name}_copy`;
    const restored = await cluster.client.restore(id, copy, { target: { db_name: copy } });
    expect(await cluster.client.ended("restore", restored.id)).toMatchObject({ status: "completed" });
    expect(await look(database, copy)).toEqual(await look(database, database.db_name));
  });

  test("in a dump to two storages: the same backup in both, nothing half in either", async () => {
    await using database = await filled(cluster, postgres);
    const offsite = join(cluster.data_dir, "offsite");
    await cluster.client.call("POST", "/api/storages", { name: "offsite", config: { type: "local", root: offsite } });
    const { id } = await cluster.client.backUp(database.id, { storages: ["local", "offsite"] });
    await until("both to be written to", async () => (await cluster.artifacts(offsite)).length > 0 && (await added()).length > 0, { every_ms: 5 });
    await replaceExecutor(cluster);
    for (const folder of [undefined, offsite]) await expectNoManifestAlone(folder);
    expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed", error_msg: null, copies: [{ storage: "local", state: "good" }, { storage: "offsite", state: "good" }] });
    await cluster.tick("sweep");
    await expectOneArtifact();
    await until("leftovers to be gone from the other, too", async () => (await cluster.artifacts(offsite)).length === 2, { timeout_ms: 20_000 });
    for (const name of await cluster.artifacts(offsite)) expect(await bytesOf(offsite, name), name).toEqual(await bytesOf(join(cluster.data_dir, "artifacts"), name));
  });

  test.each([0, 200, 500, 900])("in a PostgreSQL restore in place, %i ms after its start: restored, no side database left", async (moment_ms) => {
    await using database = await filled(cluster, postgres);
    const filledWith = await look(database, database.db_name);
    const { id } = await cluster.client.backedUp(database.id);
    await database.connection.query("DELETE FROM order_lines");
    const restore = await cluster.client.restore(id, database.db_name);
    await cluster.client.reached("restore", restore.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor(cluster);
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await look(database, database.db_name)).toEqual(filledWith);
    await sideDatabasesGone(postgres);
  });

  test.each([100, 500])("in a MariaDB restore in place, %i ms after its start: restored all the same", async (moment_ms) => {
    await using database = await filled(cluster, mariadb);
    const filledWith = await look(database, database.db_name);
    const { id } = await cluster.client.backedUp(database.id);
    await database.connection.query("DELETE FROM order_lines");
    const restore = await cluster.client.restore(id, database.db_name);
    await cluster.client.reached("restore", restore.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor(cluster);
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await look(database, database.db_name)).toEqual(filledWith);
  });

  test.each([["PostgreSQL", postgres, 100], ["PostgreSQL", postgres, 500], ["MariaDB", mariadb, 300], ["MariaDB", mariadb, 900]] as const)("in a test restore on %s, %#: proved all the same, no scratch database left", async (_name, server, moment_ms) => {
    await using database = await filled(cluster, server);
    const { id } = await cluster.client.backedUp(database.id);
    const verification = await cluster.client.verify(id);
    await cluster.client.reached("verification", verification.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor(cluster);
    expect(await cluster.client.ended("verification", verification.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await scratchExists(server, verification)).toBe(false);
  });

  test("and the job canceled before another takes it: canceled, nothing left", async () => {
    await using database = await filled(cluster, postgres, 20);
    await database.connection.query("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE");
    const { id, job_id } = await cluster.client.backUp(database.id);
    await cluster.client.reached("backup", id, ["running"]);
    await cluster.killExecutor();
    await cluster.client.call("POST", `/api/jobs/${job_id}/cancel`);
    await cluster.startExecutor();
    expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "canceled" });
    await database.connection.query("ROLLBACK");
    await until("leftovers to be gone", async () => (await added()).length === 0, { timeout_ms: 20_000 });
  });
});

test("NATS stopped and its folder wiped while jobs wait: each is done once", async () => {
  await using database = await filled(cluster, postgres, 20);
  await cluster.killExecutor();
  const ids: number[] = [];
  for (let count = 0; count < 8; count++) ids.push((await cluster.client.backUp(database.id)).id);
  await cluster.nats.wipe();
  await cluster.startExecutor();
  for (const id of ids) expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  expect(await added()).toHaveLength(2 * ids.length);
  const { backups } = await cluster.client.call<{ backups: unknown[] }>("GET", `/api/backups/database/${database.id}`);
  expect(backups).toHaveLength(ids.length);
});

test("the gateway killed between writing a job and publishing it: the next one publishes", async () => {
  await using database = await filled(cluster, postgres, 20);
  await cluster.nats.stop(); // now it can write, and not publish
  const { id } = await cluster.client.backUp(database.id);
  await cluster.killGateway();
  await cluster.nats.restart();
  await cluster.startGateway();
  expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  await expectOneArtifact();
});

test("the gateway killed while a job runs: its end is recorded by the next one", async () => {
  await using database = await filled(cluster, postgres);
  const { id } = await cluster.client.backUp(database.id);
  await cluster.client.reached("backup", id, ["running", "completed"]);
  await cluster.killGateway();
  await until("the artifact to be complete", async () => (await added()).some((name) => name.endsWith(".manifest.json")));
  await cluster.startGateway();
  expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  await expectOneArtifact();
});
