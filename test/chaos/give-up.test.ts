import { until, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { describe, expect, inject, test as base } from "vitest";
import { look, sideDatabasesGone } from "../e2e/system.ts";
import { filled, replaceExecutor, scratchExists, startCluster, type Cluster } from "./cluster.ts";

const postgres = inject("postgres");
const mariadb = inject("mariadb");

/** Each on a cluster of its own, for they all wait most of the time: for the lease of the dead to run out. */
const test = base.extend<{ cluster: Cluster }>({
  cluster: async ({ task }, use) => {
    await using cluster = await startCluster();
    await use(cluster);
    if (task.result?.state === "fail") console.log(cluster.output().slice(-6_000));
  },
});

/** Kills the executor in each run of this job until it has cost five. */
async function killEachRun(cluster: Cluster, jobId: number): Promise<void> {
  for (let run = 1; run <= 5; run++) {
    await until(`run ${run}`, async () => {
      const { job } = await cluster.client.call<{ job: { attempts: number } }>("GET", `/api/jobs/${jobId}`);
      return job.attempts >= run;
    }, { timeout_ms: 90_000, every_ms: 20 });
    await replaceExecutor(cluster);
  }
}

/** Rows alone load too fast for five deaths: an index that takes seconds, but in a scratch database only. */
async function slowDown({ connection }: TestDatabase): Promise<void> {
  await connection.query(`CREATE TABLE slow AS SELECT 1 AS id; CREATE FUNCTION slowly(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    'BEGIN IF current_database() LIKE ''safebase%'' THEN PERFORM pg_catalog.pg_sleep(20); END IF; RETURN id; END'; CREATE INDEX ON slow (slowly(id))`);
}

const SERVERS: [string, ServerInfo][] = [["PostgreSQL", postgres], ["MariaDB", mariadb]];

describe.concurrent("the executor is killed each time it takes up", () => {
  test.for(SERVERS)("a test restore on %s: given up, no scratch database left", async ([, server], { cluster }) => {
    await using database = await filled(cluster, server);
    if (server.engine === "postgresql") await slowDown(database);
    const { id } = await cluster.client.backedUp(database.id);
    const verification = await cluster.client.verify(id);
    await killEachRun(cluster, verification.job_id);
    expect(await cluster.client.ended("verification", verification.id)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*nothing of it is left on the server$/),
    });
    expect(await scratchExists(server, verification)).toBe(false);
  });

  test("a backup: it is given up, and says so", async ({ cluster }) => {
    await using database = await filled(cluster, postgres, 20);
    await database.connection.query("BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE"); // holds every dump at its start
    const { id, job_id } = await cluster.client.backUp(database.id);
    await killEachRun(cluster, job_id);
    expect(await cluster.client.ended("backup", id)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*nothing of it is left in the storage$/),
    });
    await database.connection.query("ROLLBACK");
    await until("leftovers to be gone", async () => (await cluster.artifacts()).length === 0, { timeout_ms: 20_000 });
  });

  test.for(SERVERS)("a restore in place on %s: given up, the target as it was", async ([, server], { cluster }) => {
    await using database = await filled(cluster, server);
    const { id } = await cluster.client.backedUp(database.id);
    await database.connection.query("DELETE FROM order_lines");
    const before = await look(server, database.db_name);
    const restore = await cluster.client.restore(id, database.db_name);
    await killEachRun(cluster, restore.job_id);
    expect(await cluster.client.ended("restore", restore.id)).toMatchObject({
      status: "failed", error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times .*the target is as it was before$/),
    });
    expect(await look(server, database.db_name)).toEqual(before);
    await sideDatabasesGone(server);
  });
});
