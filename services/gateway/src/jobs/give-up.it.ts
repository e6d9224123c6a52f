import { STREAMS } from "@safebase/contracts";
import { findQueued, unsettled } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { jobsOfBackup } from "../catalog/jobs.ts";
import { createRestore } from "../restores/create.ts";
import { cancelJob } from "./cancel.ts";
import type { Deps } from "./deps.ts";
import { getJob } from "./get.ts";
import { jobLog } from "./log.ts";
import { reconcile } from "./reconcile.ts";
import { startRig, type Executor, type Rig, type Run } from "./rig-fixture.ts";

const DIED = "the executor died or was stopped 5 times while it ran this job";

describe.each(["sqlite", "postgresql"] as const)("giving up on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const order = async () => createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
  const attempts = async (id: number) => (await getJob(gateway, rig.ann, { id })).attempts;
  const cleanUpQueued = (id: number) => until("the clean-up to be queued", async () => (await findQueued(rig.core.bus, "default", id))?.cleanup_only === true);
  /** So many runs of the job that this run is of begin, and die without a word. */
  const dieTimes = async (run: Run, times: number) => {
    const { job_id } = run.command;
    const before = await attempts(job_id);
    await run.start();
    for (let n = 1; n < times; n++) {
      Object.assign(run, { run_id: `${job_id}-${before}-${n}` });
      await run.say({ type: "started" });
    }
    await until("its runs to be counted", async () => await attempts(job_id) === before + times);
    await executor[Symbol.asyncDispose](); // a new one gets what lies in the queue
    await run.die();
    executor = rig.executor();
  };
  /** A restore in place of a completed backup, whose executors died until it was given up; its clean-up. */
  const givenUpRestore = async (type: "postgresql" | "mysql") => {
    const backup = await rig.completedBackup(gateway, executor, await rig.database(type));
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    if (type === "mysql") await (await executor.take("the safety backup")).complete();
    await dieTimes(await executor.take(), 5);
    return { restore, cleanUp: await takeCleanUp() };
  };
  const takeCleanUp = async () => until("the clean-up", async () => {
    const run = await executor.take();
    return run.command.cleanup_only && run;
  });

  test("a job whose executors die each time: one clears up, then it has failed", async () => {
    const { id, job_id } = await order();
    const run = await executor.take();
    await dieTimes(run, 5);
    await cleanUpQueued(job_id);
    expect((await getJob(gateway, rig.ann, { id: job_id })).status).toBe("running");
    const cleanUp = await takeCleanUp();
    expect(cleanUp.command).toMatchObject({ job_id, kind: "backup", cleanup_only: true });
    await cleanUp.start();
    await until("its start to be seen", async () => await attempts(job_id) === 6);
    await until("its event to be settled", async () => await unsettled(rig.core.bus, STREAMS.job_events, "gateway") === 0);
    expect(rig.told.cancels).toContain(job_id); // it might be a run that began in the moment in which the job was given up; a clean-up passes over it
    await cleanUp.end({ type: "canceled" });
    expect(await rig.backupIs(id, "failed")).toMatchObject({
      error_code: "gave_up", error_msg: `${DIED}; nothing of it is left in the storage`, error_hint: expect.stringContaining("executor's log"),
    });
    await until("its command to be gone", async () => await findQueued(rig.core.bus, "default", job_id) === undefined);
  });

  test("runs that were handed back are none that died: the job goes on, and its log tells of them", async () => {
    const { id, job_id } = await order();
    const run = await executor.take();
    await run.start();
    for (let n = 1; n <= 6; n++) {
      await run.say({ type: "handed_back" });
      await run.say({ type: "handed_back" }); // twice, as events may come
      await run.say({ type: "started" }); // late
      Object.assign(run, { run_id: `again-${n}` });
      await run.say({ type: "started" });
    }
    await until("its runs to be counted", async () => await attempts(job_id) === 7);
    expect(await rig.db.selectFrom("jobs").select(["handed_back", "gave_up_after", "executor_id"]).where("id", "=", job_id).executeTakeFirst()).toEqual({ handed_back: 6, gave_up_after: null, executor_id: "hand" });
    expect((await jobLog(gateway, rig.ann, { id: job_id })).filter(({ event }) => event === "handed_back").map(({ detail }) => detail.executor_id)).toEqual(Array(6).fill("hand"));
    await run.die();
    Object.assign(run, { run_id: "the first to die" });
    await dieTimes(run, 3);
    await reconcile(rig.core, gateway.dispatcher, AbortSignal.timeout(10_000));
    const last = await executor.take("the job itself, and no clean-up");
    expect(last.command.cleanup_only).toBe(false);
    await last.start();
    await last.complete();
    await rig.backupIs(id, "completed");
    expect(rig.told.cancels).toEqual([]);
  });

  test("the gateway restarted in between goes on where it was", async () => {
    const { restore, cleanUp } = await givenUpRestore("mysql");
    await gateway[Symbol.asyncDispose]();
    await cleanUp.start();
    await cleanUp.end({ type: "canceled" });
    gateway = rig.gateway();
    expect(await rig.restoreIs(restore.id, "failed")).toMatchObject({ error_code: "gave_up", error_msg: `${DIED}; the target is as it was before` });
    await until("the notice", () => rig.told.notices.some(({ kind, error }) => kind === "restore_failed" && error?.code === "gave_up"));
  });

  test("work that turns out to be done in full is completed", async () => {
    const { restore, cleanUp } = await givenUpRestore("postgresql");
    await cleanUp.complete();
    await rig.restoreIs(restore.id, "completed");
  });

  test("what could not be put back is said", async () => {
    const { restore, cleanUp } = await givenUpRestore("mysql");
    await cleanUp.end({ type: "failed", failure: { code: "restore_failed", message: "putting back safety backup 2 failed, too", hint: "restore backup 2" } });
    expect(await rig.restoreIs(restore.id, "failed")).toMatchObject({
      error_code: "gave_up", error_msg: `${DIED}; clearing up after it failed: putting back safety backup 2 failed, too`, error_hint: "restore backup 2",
    });
  });

  test("clearing up that costs executors, too, ends after three of them, with a hint", async () => {
    const { restore, cleanUp } = await givenUpRestore("mysql");
    await dieTimes(cleanUp, 3);
    expect(await rig.restoreIs(restore.id, "failed")).toMatchObject({
      error_code: "gave_up", error_msg: `${DIED}, and 3 times while it cleared up after it`,
      error_hint: expect.stringContaining(`shop may be incomplete: restore its safety backup ${restore.safety_backup_id} into it`),
    });
    expect(await findQueued(rig.core.bus, "default", restore.job_id)).toBeUndefined();
  });

  test("a sixth run that begins all the same is asked to end", async () => {
    const { id, job_id } = await order();
    const run = await executor.take();
    await run.start();
    for (const run_id of ["2", "3", "4", "5", "6"]) {
      Object.assign(run, { run_id });
      await run.say({ type: "started" });
    }
    await until("the request", () => rig.told.cancels.includes(job_id));
    await run.end({ type: "canceled" });
    expect(await rig.backupIs(id, "failed")).toMatchObject({ error_code: "gave_up", error_msg: `${DIED}; nothing of it is left in the storage` });
  });

  test("a database unregistered meanwhile: nobody can clear up, and it is said", async () => {
    const { id } = await order();
    const run = await executor.take();
    await run.start();
    await rig.backupIs(id, "running");
    await rig.db.updateTable("databases").set({ deleted_at: new Date().toISOString() }).execute();
    await dieMore(run);
    expect(await rig.backupIs(id, "failed")).toMatchObject({ error_code: "gave_up", error_msg: `${DIED}; clearing up after it failed: database My shop was unregistered before the job began` });
  });
  const dieMore = async (run: Run) => {
    for (const run_id of ["2", "3", "4", "5"]) {
      Object.assign(run, { run_id });
      await run.say({ type: "started" });
    }
    await until("five runs", async () => await attempts(run.command.job_id) === 5);
    await run.die();
  };

  test("canceled by the user while an executor clears up: canceled", async () => {
    const { restore, cleanUp } = await givenUpRestore("postgresql");
    await cleanUp.start();
    await cancelJob(gateway, rig.ann, { id: restore.job_id });
    await cleanUp.end({ type: "canceled" });
    await rig.restoreIs(restore.id, "canceled");
  });

  test("a deletion is tried again later as a whole", async () => {
    const backup = await rig.completedBackup(gateway, executor, await rig.database("postgresql"));
    await deleteBackup(gateway, rig.ann, backup);
    const run = await executor.take("the deletion");
    await dieTimes(run, 5);
    const again = await until("another delete job", async () => (await jobsOfBackup(rig.db, backup.id, "delete"))[1]);
    expect((await getJob(gateway, rig.ann, { id: run.command.job_id })).status).toBe("failed");
    expect(again.status).toBe("pending");
  });
});
