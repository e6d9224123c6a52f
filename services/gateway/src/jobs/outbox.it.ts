import { subjects } from "@safebase/contracts";
import { findQueued } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { getBackup } from "../backups/get.ts";
import { queueBackup } from "../backups/queue.ts";
import { claimJob } from "../catalog/jobs.ts";
import { pendingNotifications } from "../catalog/notifications.ts";
import { createRestore } from "../restores/create.ts";
import { reconcile } from "./reconcile.ts";
import { resultOf, startRig, type Rig } from "./rig-fixture.ts";

describe.each(["sqlite", "postgresql"] as const)("outbox and events on %s", (dialect) => {
  let rig: Rig;
  beforeEach(async () => { rig = await startRig(dialect); });
  afterEach(() => rig[Symbol.asyncDispose]());


  test("a gateway killed between writing and publishing: the next one publishes, once", async () => {
    const database = await rig.database("postgresql");
    const queued = await rig.db.transaction().execute((tx) => queueBackup(tx, rig.core, database, { trigger: "manual" }));
    const executor = rig.executor();
    rig.gateway();
    const run = await executor.take();
    expect(run.command).toMatchObject({
      kind: "backup", backup_id: queued!.backup.id, job_id: queued!.job.id, format: "custom", compression: "zstd", jobs: "auto", globals: false, cleanup_only: false,
      connection: { password_sealed: "sealed", db_name: "shop" },
      stem: expect.stringMatching(new RegExp(`^postgresql/My-shop_postgresql_\\d{8}_\\d{6}_${queued!.backup.id}$`)),
    });
    await run.start();
    await rig.backupIs(queued!.backup.id, "running");
    await run.complete();
    const backup = await rig.backupIs(queued!.backup.id, "completed");
    expect(backup).toMatchObject({
      size: 12_345_678_901_234, sha256: "ab".repeat(32), server: "PostgreSQL 15.20", error_msg: null,
      filename: expect.stringMatching(/^My-shop_.*\.dump\.zst$/), contents: { tables: [{ rows: 3 }] }, warnings: [{ code: "w" }],
    });
    await until("the notice", async () => rig.told.notices.length > 0 && (await pendingNotifications(rig.db, 9)).length === 0);
    expect(rig.told.notices).toMatchObject([{ kind: "backup_completed", user_email: "ann@example.org", database: { name: "My shop" }, size_bytes: 12_345_678_901_234 }]);
    expect(executor.waiting).toEqual([]);
    expect(rig.told.ui.filter(({ event }) => event === "backup").map(({ data }) => data["status"])).toEqual(["running", "completed"]);
  });

  test("a gateway killed after it claimed the publishing: the reconciliation publishes", async () => {
    const database = await rig.database("postgresql");
    const queued = await rig.db.transaction().execute((tx) => queueBackup(tx, rig.core, database, { trigger: "manual" }));
    await claimJob(rig.db, queued!.job.id, new Date().toISOString());
    const executor = rig.executor();
    rig.gateway();
    const run = await executor.take();
    expect(run.command.job_id).toBe(queued!.job.id);
    await run.complete();
    await rig.backupIs(queued!.backup.id, "completed");
    expect(executor.waiting).toEqual([]);
  });

  test("two gateways: every job, notice and progress goes out once", async () => {
    const [one, two] = [rig.gateway(), rig.gateway()];
    const executor = rig.executor();
    const database = await rig.database("postgresql");
    const ids = new Set<number>();
    for (const gateway of [one, two, one, two]) ids.add((await createBackup(gateway, rig.ann, { database_id: database.id })).id);
    for (const _ of ids) {
      const run = await executor.take();
      await run.start();
      await run.complete();
    }
    for (const id of ids) await rig.backupIs(id, "completed");
    await until("the notices", () => rig.told.notices.length >= ids.size);
    expect(new Set(rig.told.notices.map(({ backup_id }) => backup_id))).toEqual(ids);
    expect(rig.told.notices).toHaveLength(ids.size);
    expect(executor.waiting).toEqual([]);
  });

  test("progress is shown with a running backup and passed to browsers once, whatever number of gateways", async () => {
    const gateway = rig.gateway();
    rig.gateway();
    const executor = rig.executor();
    const { id, job_id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    const progress = { job_id, kind: "backup", phase: "dump", bytes_in: 7, bytes_out: 1, total_bytes: null, rate_bytes_per_s: 7, elapsed_ms: 1000, at: new Date().toISOString() };
    rig.core.bus.broadcast(subjects.progress("default", job_id), progress);
    await until("it to be shown", async () => (await getBackup(gateway, rig.ann, { id })).progress?.bytes_in === 7);
    const shown = () => rig.told.ui.filter(({ event }) => event === "progress");
    await until("browsers to be told", () => shown().length > 0);
    expect(shown()).toEqual([{ user_id: rig.ann.user_id, event: "progress", data: { backup_id: id, restore_id: null, verification_id: null, check_id: null, copy_id: null, ...progress } }]);
    await run.complete();
    expect((await rig.backupIs(id, "completed")).progress).toBeNull();
    expect(shown()).toHaveLength(1);
  });

  test("NATS loses everything while jobs wait: each comes once, and runs once", async () => {
    const gateway = rig.gateway();
    const database = await rig.database("postgresql");
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push((await createBackup(gateway, rig.ann, { database_id: database.id })).id);
    await until("them to be published", async () =>
      (await rig.db.selectFrom("jobs").select("published_at").execute()).every(({ published_at }) => published_at !== null));
    await rig.nats.wipe();
    const executor = rig.executor();
    for (let n = 0; n < 3; n++) {
      const run = await executor.take();
      await run.start();
      await run.complete();
    }
    for (const id of ids) await rig.backupIs(id, "completed");
    await until("three notices", () => rig.told.notices.length === 3);
    expect(executor.waiting).toEqual([]);
  });

  test("an event that comes twice, and one that comes too late, change nothing", async () => {
    const gateway = rig.gateway();
    const executor = rig.executor();
    const { id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    const run = await executor.take();
    await run.start();
    await run.say({ type: "started" });
    await run.complete();
    const before = await rig.backupIs(id, "completed");
    await run.complete();
    await run.say({ type: "failed", failure: { code: "dump_failed", message: "late" } });
    await run.say({ type: "started" });
    // One consumer takes events in turn: when the last backup is done, all before it has been seen.
    const last = await createBackup(gateway, rig.ann, { database_id: before.database_id });
    const lastRun = await executor.take();
    await lastRun.fail("unreachable", "no answer from db.example.org");
    expect(await rig.backupIs(last.id, "failed")).toMatchObject({ error_code: "unreachable", error_msg: "no answer from db.example.org" });
    expect(await getBackup(gateway, rig.ann, { id })).toEqual(before);
    await until("the notices", () => rig.told.notices.length >= 2);
    expect(rig.told.notices.map(({ kind }) => kind)).toEqual(["backup_completed", "backup_failed"]);
    expect(rig.told.cancels).toEqual([]);
    expect(executor.waiting).toEqual([]);
  });

  test("events that nobody understands are dropped and do not block others", async () => {
    const gateway = rig.gateway();
    const executor = rig.executor();
    const signal = AbortSignal.timeout(10_000);
    await rig.core.bus.publish(subjects.event("default", 1, "started"), { nonsense: true }, { signal });
    await rig.core.bus.publish(subjects.due(1), { nonsense: true }, { signal });
    const { id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    const run = await executor.take();
    await run.end({ type: "completed", result: resultOf("postgresql/other_postgresql_20260101_000000_9") });
    expect(await rig.backupIs(id, "failed")).toMatchObject({ error_code: "internal", filepath: null });
  });

  test("what another group says of a job is not believed", async () => {
    const gateway = rig.gateway();
    const executor = rig.executor();
    const { id, job_id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    const about = { job_id, kind: "backup", at: new Date().toISOString() };
    const lie = { ...about, type: "failed", run_id: run.run_id, executor_id: "elsewhere", failure: { code: "dump_failed", message: "a lie" } };
    await rig.core.bus.publish(subjects.event("elsewhere", job_id, "failed"), lie, { signal: AbortSignal.timeout(10_000) });
    await rig.core.bus.publish(subjects.event("default", job_id + 1, "failed"), lie, { signal: AbortSignal.timeout(10_000) });
    const figures = { phase: "dump", bytes_out: 1, total_bytes: null, rate_bytes_per_s: 7, elapsed_ms: 1000 };
    for (const [group, bytes_in] of [["elsewhere", 99], ["default", 7]] as const) rig.core.bus.broadcast(subjects.progress(group, job_id), { ...about, ...figures, bytes_in });
    await until("browsers to be told", () => rig.told.ui.some(({ event }) => event === "progress"));
    expect(rig.told.ui.flatMap(({ event, data }) => (event === "progress" ? [(data as { bytes_in: number }).bytes_in] : []))).toEqual([7]);
    await run.complete();
    expect((await rig.backupIs(id, "completed")).error_msg).toBeNull();
  });

  test("a gateway that was away learns how a restore ended, and does not order it again", async () => {
    const executor = rig.executor();
    const gateway = rig.gateway();
    const backup = await rig.completedBackup(gateway, executor, await rig.database("postgresql"));
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    const run = await executor.take();
    await run.start();
    await rig.restoreIs(restore.id, "running");
    await gateway[Symbol.asyncDispose]();
    await run.complete();
    // Nobody writes events now: as long as one is unwritten nothing is decided.
    expect(await reconcile(rig.core, gateway.dispatcher, AbortSignal.timeout(1_000))).toBe(false);
    expect(await findQueued(rig.core.bus, "default", restore.job_id)).toBeUndefined();
    const next = rig.gateway();
    await rig.restoreIs(restore.id, "completed");
    const other = await createBackup(next, rig.ann, { database_id: backup.database_id });
    const after = await executor.take(); // the restore, had it been queued again
    expect(after.command).toMatchObject({ kind: "backup", backup_id: other.id });
    await after.complete();
    expect(executor.waiting).toEqual([]);
  });

  test("a database that was unregistered meanwhile fails its backup honestly", async () => {
    const database = await rig.database("postgresql");
    const queued = await rig.db.transaction().execute((tx) => queueBackup(tx, rig.core, database, { trigger: "manual" }));
    await rig.db.updateTable("databases").set({ deleted_at: new Date().toISOString() }).execute();
    rig.gateway();
    const backup = await rig.backupIs(queued!.backup.id, "failed");
    expect(backup).toMatchObject({ error_code: "conflict", error_msg: "database My shop was unregistered before the job began" });
  });
});
