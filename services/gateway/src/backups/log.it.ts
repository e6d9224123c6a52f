import { subjects, type Progress } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLog } from "../catalog/job-log.ts";
import { cancelJob } from "../jobs/cancel.ts";
import { backupLog, jobLog } from "../jobs/log.ts";
import { startRig, type Executor, type Rig, type Run } from "../jobs/rig-fixture.ts";
import type { Deps } from "../jobs/deps.ts";
import { createVerification } from "../verifications/create.ts";
import { createBackup } from "./create.ts";
import { deleteBackup } from "./delete.ts";
import { pinBackup } from "./pin.ts";

describe.each(["sqlite", "postgresql"] as const)("what happened to a backup, on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeAll(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const order = async () => createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
  const say = (run: Run, phase: string, bytes_in: number): void => {
    const { job_id, kind } = run.command;
    const progress: Progress = { job_id, kind, phase, bytes_in, bytes_out: bytes_in / 2, total_bytes: null, rate_bytes_per_s: 1, elapsed_ms: 3.7, at: new Date().toISOString() };
    rig.core.bus.broadcast(subjects.progress("default", job_id), progress);
  };
  const shown = async (id: number) => (await backupLog(gateway, rig.ann, { id })).map(({ event, kind, run, phase, actor, detail }) => [event, kind, run, phase ?? actor, detail]);
  const holds = (id: number, event: string, count: number) => until(`${count} lines of ${event}`, async () => (await shown(id)).filter(([each]) => each === event).length === count);

  test("is told in order: who ordered it, each run with its phases, warnings, copies, its end, and what was done with it", async () => {
    const { id, job_id } = await order();
    const run = await executor.take();
    await run.start();
    await holds(id, "started", 1);
    for (const [phase, bytes] of [["prepare", 0], ["dump", 10]] as const) say(run, phase, bytes);
    await holds(id, "phase", 2);
    Object.assign(run, { run_id: "second" });
    await run.say({ type: "started" });
    await run.say({ type: "started" }); // delivered twice
    await holds(id, "started", 2);
    for (const bytes of [4, 100]) say(run, "prepare", bytes);
    say(run, "dump", 100);
    await holds(id, "phase", 4);
    say(run, "dump", 200);
    await until("the last progress to be heard", () => gateway.progress.of(job_id)?.bytes_in === 200);
    await run.complete({ copies: [{ storage: "local", state: "good", detail: null }] });
    await rig.backupIs(id, "completed");
    await pinBackup(gateway, rig.ann, { id, pinned: true });
    expect(await shown(id)).toEqual([
      ["ordered", "backup", 0, "ann@example.org", {}],
      ["started", "backup", 1, null, { executor_id: "hand" }],
      ["phase", "backup", 1, "prepare", { bytes_in: 0, bytes_out: 0, elapsed_ms: 4 }],
      ["phase", "backup", 1, "dump", { bytes_in: 10, bytes_out: 5, elapsed_ms: 4 }],
      ["started", "backup", 2, null, { executor_id: "hand" }],
      ["phase", "backup", 2, "prepare", { bytes_in: 100, bytes_out: 50, elapsed_ms: 4 }],
      ["phase", "backup", 2, "dump", { bytes_in: 200, bytes_out: 100, elapsed_ms: 4 }],
      ["warning", "backup", 2, null, { code: "w", message: "a warning" }],
      ["copy", "backup", 2, null, { storage: "local", state: "good" }],
      ["completed", "backup", 2, null, { bytes_in: 99, bytes_out: 12_345_678_901_234 }],
      ["pinned", null, 0, "ann@example.org", {}],
    ]);
    expect(await jobLog(gateway, rig.ann, { id: job_id })).toHaveLength(10);
  });

  test("holds its test restores, and errors with what can be done", async () => {
    const backup = await rig.completedBackup(gateway, executor, await rig.database("postgresql"));
    await createVerification(gateway, rig.ann, { backup_id: backup.id });
    const run = await executor.take();
    await run.start();
    await run.end({ type: "failed", failure: { code: "verification_failed", message: "3 rows are missing", hint: "look" } });
    await holds(backup.id, "failed", 1);
    expect((await shown(backup.id)).filter(([, kind]) => kind === "verify")).toEqual([
      ["ordered", "verify", 0, "ann@example.org", {}], ["started", "verify", 1, null, { executor_id: "hand" }],
      ["failed", "verify", 1, null, { code: "verification_failed", message: "3 rows are missing", hint: "look" }],
    ]);
  });

  test("says who canceled it; is nobody else's, and goes with the backup", async () => {
    const { id, job_id } = await order();
    await cancelJob(gateway, rig.ann, { id: job_id });
    await rig.backupIs(id, "canceled");
    expect((await shown(id)).slice(1)).toEqual([["cancel_requested", null, 0, "ann@example.org", {}], ["canceled", "backup", 0, null, {}]]);
    for (const read of [() => backupLog(gateway, rig.bob, { id }), () => jobLog(gateway, rig.bob, { id: job_id })]) await expect(read()).rejects.toMatchObject({ code: "not_found" });
    await deleteBackup(gateway, rig.ann, { id });
    await expect(backupLog(gateway, rig.ann, { id })).rejects.toMatchObject({ code: "not_found" });
    expect(await readLog(gateway.db, "all", { backup_id: id })).toEqual([]);
  });
});
