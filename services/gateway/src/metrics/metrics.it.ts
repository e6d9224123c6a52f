import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { startTestGateway } from "../http/gateway-fixture.ts";
import { createRestore } from "../restores/create.ts";
import { cancelJob } from "../jobs/cancel.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { valueOf } from "./page-fixture.ts";

describe("what Prometheus is told of jobs", () => {
  let rig: Rig;
  beforeEach(async () => { rig = await startRig("sqlite"); });
  afterEach(() => rig[Symbol.asyncDispose]());

  const value = async (series: string) => valueOf(await rig.metrics.metrics(), series);

  test("outcomes are counted once each, by status, engine and trigger", async () => {
    const backups = (status: string, engine: string, trigger: string) => value(`safebase_backups_total{status="${status}",engine="${engine}",trigger="${trigger}"}`);
    expect(await backups("failed", "mysql", "scheduled")).toBe(0); // there before anything happened
    const [gateway, executor] = [rig.gateway(), rig.executor()];
    const database = await rig.database("mysql");
    const { id } = await createBackup(gateway, rig.ann, { database_id: database.id });
    const first = await executor.take();
    await first.start();
    await first.complete();
    const backup = await rig.backupIs(id, "completed");
    const failing = await createBackup(gateway, rig.ann, { database_id: database.id });
    const run = await executor.take();
    await run.fail("dump_failed", "no");
    await run.fail("dump_failed", "no"); // said twice
    await rig.backupIs(failing.id, "failed");
    const waiting = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60 });
    await cancelJob(gateway, rig.ann, { id: waiting.job_id });
    await until("the canceled restore to be counted", async () => await value('safebase_restores_total{status="canceled",engine="mysql"}') === 1);
    const last = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0, safety_backup: false });
    const restoring = await executor.take();
    await restoring.start();
    await restoring.complete();
    await rig.restoreIs(last.id, "completed");
    await until("the completed restore to be counted", async () => await value('safebase_restores_total{status="completed",engine="mysql"}') === 1);
    expect(await backups("completed", "mysql", "manual")).toBe(1);
    expect(await backups("failed", "mysql", "manual")).toBe(1);
    expect(await backups("canceled", "mysql", "safety")).toBe(1);
    expect(await value('safebase_backup_duration_seconds_count{engine="mysql"}')).toBe(1);
    expect(await value('safebase_backup_size_bytes_sum{engine="mysql"}')).toBe(12_345_678_901_234);
    expect(await value('safebase_restore_duration_seconds_count{engine="mysql"}')).toBe(1);
    expect(await value('safebase_job_failures_total{kind="backup",code="dump_failed"}')).toBe(1);
    expect(await value('safebase_job_failures_total{kind="restore",code="dump_failed"}')).toBe(0);
    expect(await value('safebase_bytes_processed_total{kind="backup",engine="mysql"}')).toBe(99); // what pg_dump wrote
    expect(await value('safebase_bytes_processed_total{kind="restore",engine="mysql"}')).toBe(99);
  });

  test("jobs that wait and run, and notices, are read when asked for", async () => {
    const executor = rig.executor();
    const gateway = rig.gateway();
    expect(await value('safebase_jobs_pending{kind="backup"}')).toBe(0);
    const { id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    expect(await value('safebase_jobs_pending{kind="backup"}')).toBe(1);
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    expect(await value('safebase_jobs_running{kind="backup"}')).toBe(1);
    expect(await value('safebase_jobs_pending{kind="backup"}')).toBe(0);
    expect(await value("safebase_notifications_unpublished")).toBe(0);
    await rig.db.insertInto("notices").values({ id: "x", kind: "backup_failed", severity: "critical", user_id: null, database_id: null, payload: "{}", created_at: new Date().toISOString() }).execute();
    await rig.db.insertInto("notifications").values({
      notice_id: "x", channel_id: 1, channel_name: "", channel_type: "webhook", user_id: null, status: "pending", created_at: new Date().toISOString(), group_id: null,
      group_size: null, answer: null, error: null, published_at: null, last_tried_at: null, next_try_at: null, finished_at: null,
    }).execute();
    expect(await value("safebase_notifications_unpublished")).toBe(1);
    await run.complete();
    await rig.backupIs(id, "completed");
  });

  test("a catalog that does not answer leaves gaps, and the rest is shown", async () => {
    const gone = await startRig("sqlite");
    await gone[Symbol.asyncDispose]();
    const text = await gone.metrics.metrics();
    expect(text).toContain("safebase_backups_total{");
    expect(text).toContain("# TYPE safebase_jobs_pending gauge");
    expect(text).not.toMatch(/^safebase_(jobs_|notifications_|database|objective|queue|storage|executors_alive|heartbeats)\w*[ {]/m);
  });
});

test("a gateway shows them at /metrics", async () => {
  await using gateway = await startTestGateway();
  const token = await gateway.account("admin@example.org");
  const { id } = await gateway.backup(token, await gateway.database(token), [{ program: "printf", args: ["a dump"] }]);
  expect(id).toBeGreaterThan(0);
  const shown = async () => (await gateway.call("GET", "/metrics")).text;
  await until("the backup to be counted", async () => valueOf(await shown(), 'safebase_backups_total{status="completed",engine="postgresql",trigger="manual"}') === 1);
  expect(await shown()).toContain('safebase_backup_duration_seconds_bucket{le="1",engine="postgresql"} 1');
});
