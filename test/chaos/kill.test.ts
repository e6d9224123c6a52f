import { connect, fillRealistic, fingerprint, freshDatabase, until, type Fingerprint, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { processTree, stillRunning } from "../e2e/program.ts";
import { startCluster, type Cluster } from "./cluster.ts";

const ROWS = 40_000; // a dump and a load of a second or so: long enough to be hit
const postgres = inject("postgres");
const mariadb = inject("mariadb");

let cluster: Cluster;
beforeEach(async () => { cluster = await startCluster(); });
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") console.log(cluster.output().slice(-6_000));
  await cluster[Symbol.asyncDispose]();
});

async function filled(server: ServerInfo, rows = ROWS): Promise<TestDatabase & { id: number }> {
  const database = await freshDatabase(server, "chaos");
  await fillRealistic(database.connection, { rows });
  return Object.assign(database, { id: await cluster.client.addDatabase(server, database.db_name) });
}

async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

/** Rows alone load too fast for five deaths: an index that takes seconds, but in a scratch database only. */
async function slowDown({ connection }: TestDatabase): Promise<void> {
  await connection.query(`CREATE TABLE slow AS SELECT 1 AS id; CREATE FUNCTION slowly(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    'BEGIN IF current_database() LIKE ''safebase%'' THEN PERFORM pg_catalog.pg_sleep(20); END IF; RETURN id; END'; CREATE INDEX ON slow (slowly(id))`);
}

/** The scratch databases of a verification that are there. */
async function scratchesOf(server: ServerInfo, id: number): Promise<string[]> {
  await using admin = await connect(server);
  const rows = await admin.query(server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA");
  return rows.map(({ name }) => String(name)).filter((name) => name.startsWith(`safebase_verify_${id}_`));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills the executor with all its jobs on it, sees that nothing of it lives on, and starts another. */
async function replaceExecutor(): Promise<void> {
  const tree = await processTree(cluster.executorPid);
  await cluster.killExecutor();
  await until("the dead executor's native programs to end", async () => (await stillRunning(tree)).length === 0, { timeout_ms: 5_000 });
  await cluster.startExecutor();
}

/** Kills the executor in each run of this job until it has cost five. */
async function killEachRun(jobId: number): Promise<void> {
  for (let run = 1; run <= 5; run++) {
    await until(`run ${run}`, async () => {
      const { job } = await cluster.client.call<{ job: { attempts: number } }>("GET", `/api/jobs/${jobId}`);
      return job.attempts >= run;
    }, { timeout_ms: 40_000, every_ms: 20 });
    await replaceExecutor();
  }
}

/** Exactly one artifact, with its manifest, and no temporary. */
async function expectOneArtifact(): Promise<void> {
  await until("leftovers to be gone", async () => (await cluster.artifacts()).length === 2, { timeout_ms: 20_000 });
  const [first, second] = await cluster.artifacts();
  const data = [first, second].find((name) => !name?.endsWith(".manifest.json"));
  expect([first, second]).toContain(data?.replace(/\.(dump|sql)\.zst$/, ".manifest.json"));
}

describe("the executor is killed", () => {
  // Moments after the job began, spread over the whole of a dump: connecting, dumping, storing, manifest, telling.
  test.each([0, 150, 400, 700, 1_100])("in a dump, %i ms after its start: one completed backup, nothing else", async (moment_ms) => {
    await using database = await filled(postgres);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.reached("backup", id, ["running", "completed"]);
    await pause(moment_ms); // not a wait for anything: the moment of death is what is tested
    await replaceExecutor();
    expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed", error_msg: null });
    await expectOneArtifact();
    const copy = `${database.db_name}_copy`;
    const restored = await cluster.client.restore(id, copy, { target: { db_name: copy } });
    expect(await cluster.client.ended("restore", restored.id)).toMatchObject({ status: "completed" });
    expect(await look(database, copy)).toEqual(await look(database, database.db_name));
  });

  test.each([0, 200, 500, 900])("in a PostgreSQL restore in place, %i ms after its start: restored, no side database left", async (moment_ms) => {
    await using database = await filled(postgres);
    const before = await look(database, database.db_name);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.ended("backup", id);
    await database.connection.query("DELETE FROM order_lines");
    const restore = await cluster.client.restore(id, database.db_name);
    await cluster.client.reached("restore", restore.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor();
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await look(database, database.db_name)).toEqual(before);
    await using admin = await connect(postgres);
    await until("side databases to be gone", async () =>
      (await admin.query("SELECT datname FROM pg_database WHERE datname LIKE '%safebase%'")).length === 0, { timeout_ms: 10_000 });
  });

  test.each([100, 500])("in a MariaDB restore in place, %i ms after its start: restored all the same", async (moment_ms) => {
    await using database = await filled(mariadb);
    const before = await look(database, database.db_name);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.ended("backup", id);
    await database.connection.query("DELETE FROM order_lines");
    const restore = await cluster.client.restore(id, database.db_name);
    await cluster.client.reached("restore", restore.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor();
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await look(database, database.db_name)).toEqual(before);
  });

  test.each([["PostgreSQL", postgres, 100], ["PostgreSQL", postgres, 500], ["MariaDB", mariadb, 300], ["MariaDB", mariadb, 900]] as const)("in a test restore on %s, %#: proved all the same, no scratch database left", async (_name, server, moment_ms) => {
    await using database = await filled(server);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.ended("backup", id);
    const verification = await cluster.client.verify(id);
    await cluster.client.reached("verification", verification.id, ["running", "completed"]);
    await pause(moment_ms);
    await replaceExecutor();
    expect(await cluster.client.ended("verification", verification.id)).toMatchObject({ status: "completed", error_msg: null });
    expect(await scratchesOf(server, verification.id)).toEqual([]);
  });

  test.each([["PostgreSQL", postgres], ["MariaDB", mariadb]])("each time it takes up a test restore on %s: given up, no scratch database left", async (_name, server) => {
    await using database = await filled(server);
    if (server.engine === "postgresql") await slowDown(database);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.ended("backup", id);
    const { id: verification, job_id } = await cluster.client.verify(id);
    await killEachRun(job_id);
    expect(await cluster.client.ended("verification", verification)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*nothing of it is left on the server$/),
    });
    expect(await scratchesOf(server, verification)).toEqual([]);
  });

  test("each time it takes up a job: the job is given up, and says so", async () => {
    await using database = await filled(postgres, 20);
    await database.connection.query("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE"); // holds every dump at its start
    const { id, job_id } = await cluster.client.backUp(database.id);
    await killEachRun(job_id);
    expect(await cluster.client.ended("backup", id)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*nothing of it is left in the storage$/),
    });
    await database.connection.query("ROLLBACK");
    await until("leftovers to be gone", async () => (await cluster.artifacts()).length === 0, { timeout_ms: 20_000 });
  });

  test.each([["PostgreSQL", postgres], ["MariaDB", mariadb]])("each time it takes up a restore in place on %s: given up, the target as it was", async (_name, server) => {
    await using database = await filled(server);
    const { id } = await cluster.client.backUp(database.id);
    await cluster.client.ended("backup", id);
    await database.connection.query("DELETE FROM order_lines");
    const before = await look(server, database.db_name);
    const restore = await cluster.client.restore(id, database.db_name);
    await killEachRun(restore.job_id);
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*the target is as it was before$/),
    });
    expect(await look(server, database.db_name)).toEqual(before);
    await using admin = await connect(server);
    const sides = await admin.query(server.engine === "postgresql" ? "SELECT datname FROM pg_database WHERE datname LIKE '%safebase%'" : "SHOW DATABASES LIKE '%safebase%'");
    expect(sides).toEqual([]);
  });

  test("and the job canceled before another takes it: canceled, nothing left", async () => {
    await using database = await filled(postgres, 20);
    await database.connection.query("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE");
    const { id, job_id } = await cluster.client.backUp(database.id);
    await cluster.client.reached("backup", id, ["running"]);
    await cluster.killExecutor();
    await cluster.client.call("POST", `/api/jobs/${job_id}/cancel`);
    await cluster.startExecutor();
    expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "canceled" });
    await database.connection.query("ROLLBACK");
    await until("leftovers to be gone", async () => (await cluster.artifacts()).length === 0, { timeout_ms: 20_000 });
  });
});

test("NATS stopped and its folder wiped while jobs wait: each is done once", async () => {
  await using database = await filled(postgres, 20);
  await cluster.killExecutor();
  const ids: number[] = [];
  for (let count = 0; count < 8; count++) ids.push((await cluster.client.backUp(database.id)).id);
  await cluster.nats.wipe();
  await cluster.startExecutor();
  for (const id of ids) expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  expect(await cluster.artifacts()).toHaveLength(2 * ids.length);
  const { backups } = await cluster.client.call<{ backups: unknown[] }>("GET", "/api/backups");
  expect(backups).toHaveLength(ids.length);
});

test("the gateway killed between writing a job and publishing it: the next one publishes", async () => {
  await using database = await filled(postgres, 20);
  await cluster.nats.stop(); // now it can write, and not publish
  const { id } = await cluster.client.backUp(database.id);
  await cluster.killGateway();
  await cluster.nats.restart();
  await cluster.startGateway();
  expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  await expectOneArtifact();
});

test("the gateway killed while a job runs: its end is recorded by the next one", async () => {
  await using database = await filled(postgres);
  const { id } = await cluster.client.backUp(database.id);
  await cluster.client.reached("backup", id, ["running", "completed"]);
  await cluster.killGateway();
  await until("the artifact to be complete", async () => (await cluster.artifacts()).some((name) => name.endsWith(".manifest.json")));
  await cluster.startGateway();
  expect(await cluster.client.ended("backup", id)).toMatchObject({ status: "completed" });
  await expectOneArtifact();
});
