import { STREAMS } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { findQueued, unsettled } from "@safebase/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { anyBackup } from "../catalog/backups.ts";
import { jobsOfBackup } from "../catalog/jobs.ts";
import { createRestore } from "../restores/create.ts";
import { cancelJob } from "./cancel.ts";
import type { Deps } from "./deps.ts";
import { getJob } from "./get.ts";
import { startRig, type Executor, type Rig } from "./rig-fixture.ts";

describe.each(["sqlite", "postgresql"] as const)("canceling and deleting on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const order = async () => createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
  const published = (id: number) => until("it to be published", async () => (await getJob(gateway, rig.ann, { id })).published_at !== null);
  const queue = (id: number) => findQueued(rig.core.bus, "default", id);

  test("what waits in the queue ends at once, and nobody gets it", async () => {
    const { id, job_id } = await order();
    await until("it to be queued", () => queue(job_id));
    expect(await cancelJob(gateway, rig.ann, { id: job_id })).toMatchObject({ status: "canceled" });
    await rig.backupIs(id, "canceled");
    expect(await queue(job_id)).toBeUndefined();
    await expect(cancelJob(gateway, rig.ann, { id: job_id })).rejects.toMatchObject({ code: "conflict" });
    expect(rig.told.notices).toEqual([]);
  });

  test("what waits for its time ends at once", async () => {
    executor = rig.executor();
    const backup = await rig.completedBackup(gateway, executor, await rig.database("postgresql"));
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60 });
    expect(restore).toMatchObject({ status: "pending", must_be_new: false, safety_backup_id: null });
    await cancelJob(gateway, rig.ann, { id: restore.job_id });
    await rig.restoreIs(restore.id, "canceled");
    expect(executor.waiting).toEqual([]);
  });

  test("what runs is ended by its executor", async () => {
    executor = rig.executor();
    const { id, job_id } = await order();
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    expect(await cancelJob(gateway, rig.ann, { id: job_id })).toMatchObject({ status: "running", cancel_requested_at: expect.any(String) });
    await until("the request", () => rig.told.cancels.includes(job_id));
    await run.end({ type: "canceled" });
    await rig.backupIs(id, "canceled");
  });

  test("a run that begins after its job was canceled is told so; what it made all the same is deleted", async () => {
    executor = rig.executor();
    const { id, job_id } = await order();
    const run = await executor.take();
    await cancelJob(gateway, rig.ann, { id: job_id }); // taken, but the lease is not held yet
    await rig.backupIs(id, "canceled");
    const before = rig.told.cancels.length;
    await run.start();
    await until("another request", () => rig.told.cancels.length > before);
    await run.complete();
    const removal = await executor.take("a delete command");
    expect(removal.command).toMatchObject({ kind: "delete", backup_id: id, stem: run.command.kind === "backup" && run.command.stem });
    await run.complete(); // said twice: one delete job is enough
    await removal.complete();
    await until("the artifact to be gone", async () => (await anyBackup(rig.db, id)).purged_at !== null);
    await rig.backupIs(id, "canceled");
  });

  test("an executor that died before it could cancel is cleaned up after", async () => {
    executor = rig.executor();
    const { id, job_id } = await order();
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    await executor[Symbol.asyncDispose]();
    await run.die();
    await cancelJob(gateway, rig.ann, { id: job_id });
    await until("the clean-up to be queued", async () => (await queue(job_id))?.cleanup_only === true);
    executor = rig.executor();
    const cleanup = await executor.take();
    expect(cleanup.command).toMatchObject({ job_id, kind: "backup", cleanup_only: true });
    await cleanup.start();
    await until("its start to be seen", async () => (await getJob(gateway, rig.ann, { id: job_id })).attempts === 2);
    await until("its event to be settled", async () => await unsettled(rig.core.bus, STREAMS.job_events, "gateway") === 0);
    await cancelJob(gateway, rig.ann, { id: job_id });
    expect((await queue(job_id))?.cleanup_only).toBe(true); // it is left to end: executors pass over requests to end a clean-up
    await cleanup.end({ type: "canceled" });
    await rig.backupIs(id, "canceled");
  });

  test("delete: refused while needed, hidden at once, tried again when it fails", async () => {
    executor = rig.executor();
    const database = await rig.database("postgresql");
    const backup = await rig.completedBackup(gateway, executor, database);
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60 });
    await expect(deleteBackup(gateway, rig.ann, backup)).rejects.toMatchObject({ code: "conflict" });
    await cancelJob(gateway, rig.ann, { id: restore.job_id });
    await deleteBackup(gateway, rig.ann, backup);
    await expect(getBackup(gateway, rig.ann, backup)).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteBackup(gateway, rig.ann, backup)).rejects.toMatchObject({ code: "not_found" });
    await (await executor.take()).fail("storage_failed", "no");
    const again = await until("another delete job", async () => (await jobsOfBackup(rig.db, backup.id, "delete"))[1]);
    expect(Date.parse(again.not_before) - Date.now()).toBeGreaterThan(50_000);
    await rig.db.updateTable("jobs").set({ not_before: new Date().toISOString() }).where("id", "=", again.id).execute();
    gateway.dispatcher.kick();
    await (await executor.take()).complete();
    await until("the artifact to be gone", async () => (await anyBackup(rig.db, backup.id)).purged_at !== null);
    expect(await jobsOfBackup(rig.db, backup.id, "delete")).toHaveLength(2);
  });

  test("delete: one that waits must be canceled first; one that never began leaves nothing to delete", async () => {
    const { id, job_id } = await order();
    await published(job_id);
    await expect(deleteBackup(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "conflict", hint: "cancel it first" });
    await cancelJob(gateway, rig.ann, { id: job_id });
    await deleteBackup(gateway, rig.ann, { id });
    expect(await jobsOfBackup(rig.db, id, "delete")).toEqual([]);
    expect((await anyBackup(rig.db, id)).purged_at).not.toBeNull();
  });
});
