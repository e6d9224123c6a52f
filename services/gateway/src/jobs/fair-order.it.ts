import { BUCKETS, type ExecutorHeartbeat } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { getBackup } from "../backups/get.ts";
import { queueBackup } from "../backups/queue.ts";
import { findJob } from "../catalog/jobs.ts";
import { jobsOut } from "../catalog/turns.ts";
import type { Database } from "../catalog/schema.ts";
import { createRestore } from "../restores/create.ts";
import { cancelJob } from "./cancel.ts";
import type { Actor, Deps } from "./deps.ts";
import { startRig, type Executor, type Rig, type Run } from "./rig-fixture.ts";

describe.each(["sqlite", "postgresql"] as const)("fair order on %s", (dialect) => {
  let rig: Rig;
  beforeEach(async () => { rig = await startRig(dialect, { dumps_per_server: 1 }); });
  afterEach(() => rig[Symbol.asyncDispose]());

  /** So many backups that nobody has published yet: of twenty servers in turn, or of one database. */
  const queue = async (count: number, owner: Actor, database?: Database): Promise<number[]> => {
    const databases: Database[] = [];
    while (databases.length < Math.min(count, 20)) databases.push(database ?? await rig.database("postgresql", owner));
    return rig.db.transaction().execute(async (tx) => {
      const jobs: number[] = [];
      for (let n = 0; n < count; n++) jobs.push((await queueBackup(tx, rig.core, databases[n % databases.length]!, { trigger: "manual" }))!.job.id);
      return jobs;
    });
  };
  const sameServer = async (database: Database, owner: Actor): Promise<Database> => {
    const { id } = await rig.database("postgresql", owner);
    return rig.db.updateTable("databases").set({ host: database.host, port: database.port, db_name: `other_${id}` }).where("id", "=", id).returningAll().executeTakeFirstOrThrow();
  };
  const live = (change: Partial<ExecutorHeartbeat> & { executor_id: string }) => rig.core.bus.withBucket(BUCKETS.executors, (kv) => kv.put(`default.${change.executor_id}`, JSON.stringify({
    host: "h", group: "default", version: "1", clients: [], running_jobs: [], at: new Date().toISOString(), ...change,
  } satisfies ExecutorHeartbeat)));
  const out = async (): Promise<number> => (await jobsOut(rig.db, "default")).length;
  const published = (count: number) => until(`${count} commands`, async () => await out() === count);
  /** What the user is told that a job's backup waits for. */
  const waits = async (gateway: Deps, jobId: number) => {
    const { backup_id } = await rig.db.selectFrom("jobs").select("backup_id").where("id", "=", jobId).executeTakeFirstOrThrow();
    return (await getBackup(gateway, { scope: "all" }, { id: backup_id! })).waits_for;
  };
  /** The next runs of an executor, each over for the catalog, too, before the next is waited for. */
  const serve = async (executor: Executor, count: number): Promise<Run[]> => {
    const runs: Run[] = [];
    for (let n = 0; n < count; n++) {
      const run = await executor.take();
      await run.start();
      await run.complete();
      await until("its end to be written", async () => (await findJob(rig.db, run.command.job_id, "all"))?.status === "completed");
      runs.push(run);
    }
    return runs;
  };

  test("a user with two hundred jobs does not starve the next: his command is among the next few", async () => {
    await live({ executor_id: "hand", concurrency: 2 });
    const many = await queue(200, rig.ann);
    const gateway = rig.gateway();
    await published(4);
    expect([await waits(gateway, many[3]!), await waits(gateway, many[4]!)]).toEqual(["executor", "turn"]);
    const [his] = await queue(1, rig.bob);
    gateway.dispatcher.kick();
    const runs = await serve(rig.executor(), 7);
    expect(runs.map(({ command }) => command.job_id)).toContain(his);
    const hers = runs.map(({ command }) => command.job_id).filter((id) => id !== his);
    expect(hers.toSorted((a, b) => a - b)).toEqual(many.slice(0, hers.length)); // in their order
  });

  test("a restore goes first, and its safety backup with it", async () => {
    const database = await rig.database("mysql", rig.bob);
    const executor = rig.executor();
    const gateway = rig.gateway();
    const made = await createBackup(gateway, rig.bob, { database_id: database.id });
    await serve(executor, 1);
    await until("it to be completed", async () => await out() === 0);
    await queue(20, rig.ann);
    await queue(20, rig.bob);
    gateway.dispatcher.kick();
    await until("a full window", async () => await out() >= 4);
    const later = await rig.db.transaction().execute((tx) => queueBackup(tx, rig.core, database, { trigger: "manual", not_before: new Date(Date.now() + 3_600_000).toISOString() }));
    expect(await waits(gateway, later!.job.id)).toBe("time");
    const restore = await createRestore(gateway, rig.bob, { backup_id: made.id, confirm: "shop", delay_s: 0 });
    const runs = await serve(executor, 14);
    const about = runs.map(({ command }) => (command.kind === "restore" ? "restore" : command.kind === "backup" ? command.trigger : command.kind));
    expect(about.slice(0, 6)).toContain("safety");
    expect(about).toContain("restore");
    expect(await waits(gateway, made.job_id)).toBeNull();
    await until("its end", async () => (await rig.db.selectFrom("restores").select("status").where("id", "=", restore.id).executeTakeFirst())?.status === "completed");
  });

  test("two gateways dispatch at once: every job runs once, and a server is never dumped twice at a time", async () => {
    await live({ executor_id: "hand", concurrency: 4 });
    const shared = await rig.database("postgresql");
    const databases = [shared, await sameServer(shared, rig.ann), await sameServer(shared, rig.bob), await sameServer(shared, rig.bob)];
    const jobs: number[] = [];
    for (const database of databases) jobs.push(...await queue(3, database.user_id === rig.ann.user_id ? rig.ann : rig.bob, database));
    rig.gateway();
    rig.gateway();
    const executor = rig.executor();
    const seen: number[] = [];
    for (const _ of jobs) {
      const run = await executor.take();
      expect(await out(), "no second dump of the server").toBe(1);
      expect(executor.waiting).toEqual([]);
      await run.start();
      await run.complete();
      seen.push(run.command.job_id);
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(jobs);
    await until("all to be over", async () => await out() === 0);
  });

  test("more dumps of a server where that is allowed; the limit is the server's, not the user's", async () => {
    await rig[Symbol.asyncDispose]();
    rig = await startRig(dialect, { dumps_per_server: 2 });
    const shared = await rig.database("postgresql");
    await queue(2, rig.ann, shared);
    await queue(2, rig.bob, await sameServer(shared, rig.bob));
    rig.gateway();
    await published(2);
    expect((await jobsOut(rig.db, "default")).map(({ user_id }) => user_id).toSorted((a, b) => a - b)).toEqual([rig.ann.user_id, rig.bob.user_id]);
  });

  test("what waits for a server, or was canceled, keeps no place from what comes behind it", async () => {
    const shared = await rig.database("postgresql");
    const blocked = await queue(30, rig.ann, shared);
    const free = await queue(2, rig.ann);
    const gateway = rig.gateway();
    await published(3); // one of the server, and the two behind
    expect([await waits(gateway, blocked[0]!), await waits(gateway, blocked[1]!), await waits(gateway, free[0]!)]).toEqual(["executor", "server", "executor"]);
    const [first] = blocked;
    await cancelJob(gateway, rig.ann, { id: blocked[1]! });
    const runs = await serve(rig.executor(), 4);
    expect(runs.map(({ command }) => command.job_id).toSorted((a, b) => a - b)).toEqual([first, blocked[2], ...free].toSorted((a, b) => a! - b!));
  });

  test("jobs of an executor that died take no place, nor does one that drains", async () => {
    await live({ executor_id: "hand", concurrency: 1 });
    await queue(12, rig.ann);
    const gateway: Deps = rig.gateway();
    const executor = rig.executor();
    const runs: Run[] = [];
    for (let n = 0; n < 4; n++) runs.push(await executor.take());
    for (const run of runs) await run.start(); // hand: alive
    await until("them to run", async () => (await jobsOut(rig.db, "default")).every(({ status }) => status === "running"));
    gateway.dispatcher.kick();
    expect(await out()).toBe(4);
    await live({ executor_id: "hand", concurrency: 1, draining: true });
    await until("four more", async () => {
      gateway.dispatcher.kick();
      return await out() === 8;
    });
  });
});
