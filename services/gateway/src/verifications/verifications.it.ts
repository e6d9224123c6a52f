import type { VerifyCommand, VerifyResult } from "@safebase/contracts";
import { findQueued } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { pageOfAudit } from "../catalog/audit.ts";
import { updateDatabase } from "../catalog/databases.ts";
import type { Database, Status } from "../catalog/schema.ts";
import { deleteUser } from "../catalog/users.ts";
import { deleteDatabase } from "../databases/delete.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { applyDues } from "../jobs/due.ts";
import { getJob } from "../jobs/get.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createSchedule } from "../schedules/create.ts";
import { createVerification } from "./create.ts";
import { getVerification } from "./get.ts";
import { listVerifications } from "./list.ts";

const result: VerifyResult = { kind: "verify", tables: 1, rows: 3, differences: [], warnings: [{ code: "w", message: "a warning" }], passed_over: [] };

describe.each(["sqlite", "postgresql"] as const)("verifications on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const make = async (type: Database["type"] = "postgresql") => {
    const database = await rig.database(type);
    return { database, backup: await rig.completedBackup(gateway, executor, database) };
  };
  const order = (backup_id: number, more: object = {}) => createVerification(gateway, rig.ann, { backup_id, ...more });
  const is = (id: number, status: Status) => until(`verification ${id} to be ${status}`, async () => {
    const verification = await getVerification(gateway, rig.ann, { id });
    return verification.status === status && verification;
  });
  const list = async (filter: object = {}) => (await listVerifications(gateway, rig.ann, { page: 1, per_page: 10, ...filter })).verifications;
  const notice = (kind: string, id: number) => until(`the notice ${kind}`, () => rig.told.notices.find((told) => told.kind === kind && told.verification_id === id));

  test("one that completes proves its backup, and is told", async () => {
    const { backup, database } = await make();
    expect(backup).toMatchObject({ verified_at: null, verification: null });
    const ordered = await order(backup.id);
    expect(ordered).toMatchObject({
      status: "pending", trigger: "manual", backup_id: backup.id, database_id: database.id, target_database_id: database.id, type: "postgresql",
      scratch_db_name: expect.stringMatching(new RegExp(`^safebase_verify_${ordered.id}_[0-9a-f]{8}$`)), tables: null, differences: [], error_msg: null,
    });
    const run = await executor.take();
    expect(run.command).toMatchObject({
      kind: "verify", verification_id: ordered.id, source: { backup_id: backup.id, sha256: backup.sha256, size_bytes: backup.size }, expected: backup.contents,
      target: { connection: { db_name: ordered.scratch_db_name, host: database.host, port: database.port, password_sealed: "sealed" } },
    });
    await run.start();
    await is(ordered.id, "running");
    await run.end({ type: "completed", result });
    const done = await is(ordered.id, "completed");
    expect(done).toMatchObject({ tables: 1, rows: 3, differences: [], warnings: result.warnings, error_code: null, duration_ms: expect.any(Number) });
    expect(await getBackup(gateway, rig.ann, { id: backup.id })).toMatchObject({
      verified_at: done.finished_at, verification: { id: ordered.id, status: "completed", finished_at: done.finished_at },
    });
    expect(await notice("verification_completed", ordered.id)).toMatchObject({ severity: "info", backup_id: backup.id, database: { id: database.id }, trigger: "manual", error: null });
    await until("browsers to be shown all of it", () => ["pending", "running", "completed"].every((status) =>
      rig.told.ui.some(({ event, data }) => event === "verification" && data["id"] === ordered.id && data["status"] === status)));
    await until("browsers to be shown the proved backup", () => rig.told.ui.some(({ event, data }) => event === "backup" && data["verified_at"] === done.finished_at));
    expect(await rig.metrics.metrics()).toContain('safebase_verifications_total{status="completed",engine="postgresql"} 1');
    const { rows } = await pageOfAudit(rig.db, { action: "verification.create" }, { limit: 10, offset: 0 });
    expect(rows).toMatchObject([{ user_id: rig.ann.user_id, object_type: "verification", object_id: ordered.id, outcome: "ok" }]);
  });

  test("one that finds differences has failed, with all that was found; it proves nothing", async () => {
    const { backup } = await make();
    const { id } = await order(backup.id);
    const differences = [{ table: "public.a", expected_rows: 3, found_rows: 2 }];
    await (await executor.take()).end({ type: "completed", result: { ...result, differences } });
    expect(await is(id, "failed")).toMatchObject({
      error_code: "verification_failed", error_msg: expect.stringContaining("public.a has 2 rows instead of 3"), error_hint: expect.any(String), tables: 1, rows: 3, differences,
    });
    expect(await getBackup(gateway, rig.ann, { id: backup.id })).toMatchObject({ verified_at: null, verification: { id, status: "failed" } });
    expect(await notice("verification_failed", id)).toMatchObject({ severity: "critical", error: { code: "verification_failed" } });
    expect(await rig.metrics.metrics()).toContain('safebase_verifications_total{status="failed",engine="postgresql"} 1');
  });

  test("one that cannot be done has failed; an earlier proof stands, and another may follow", async () => {
    const { backup } = await make("mysql");
    const first = await order(backup.id);
    await (await executor.take()).end({ type: "completed", result });
    const { finished_at } = await is(first.id, "completed");
    const second = await order(backup.id);
    await (await executor.take()).fail("insufficient_privileges", "no");
    await is(second.id, "failed");
    expect(await getBackup(gateway, rig.ann, { id: backup.id })).toMatchObject({ verified_at: finished_at, verification: { id: second.id } });
    expect((await list({ backup_id: backup.id })).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await list({ status: "failed" })).map(({ id }) => id)).toEqual([second.id]);
    expect(await list({ database_id: 999 })).toEqual([]);
  });

  test("is refused while one is open, of what is not completed, and where it fits nothing", async () => {
    const { backup, database } = await make();
    const first = await order(backup.id);
    await expect(order(backup.id)).rejects.toMatchObject({ code: "conflict", message: `verification ${first.id} of backup ${backup.id} is pending` });
    await expect(deleteBackup(gateway, rig.ann, { id: backup.id })).rejects.toMatchObject({ code: "conflict", message: `verification ${first.id} needs backup ${backup.id}` });
    await expect(deleteDatabase(gateway, rig.ann, { id: database.id })).rejects.toMatchObject({ code: "conflict" });
    await (await executor.take()).end({ type: "completed", result });
    await is(first.id, "completed");
    const waiting = await createBackup(gateway, rig.ann, { database_id: database.id });
    await expect(order(waiting.id)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("only a completed backup") });
    await (await executor.take()).complete();
    await rig.backupIs(waiting.id, "completed");
    const mysql = await rig.database("mysql");
    await expect(order(backup.id, { target: { database_id: mysql.id } })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^target: /) });
    await deleteDatabase(gateway, rig.ann, { id: database.id });
    await expect(order(backup.id)).rejects.toMatchObject({ code: "conflict", hint: "name another in target.database_id" });
    const other = await rig.database("postgresql");
    await updateDatabase(rig.db, other.id, { executor_group: "default", name: "Staging" });
    const elsewhere = await order(backup.id, { target: { database_id: other.id } });
    expect(elsewhere).toMatchObject({ database_id: database.id, target_database_id: other.id, target_database_name: "Staging" });
    expect((await executor.take()).command).toMatchObject({ target: { connection: { port: other.port } } });
    await expect(deleteDatabase(gateway, rig.ann, { id: other.id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("what belongs to another is not there, not even for his own server", async () => {
    const { backup } = await make();
    const { id, job_id } = await order(backup.id);
    const bobs = await rig.database("postgresql", rig.bob);
    const missing = { code: "not_found" };
    await expect(createVerification(gateway, rig.bob, { backup_id: backup.id, target: { database_id: bobs.id } })).rejects.toMatchObject(missing);
    await expect(getVerification(gateway, rig.bob, { id })).rejects.toMatchObject(missing);
    await expect(cancelJob(gateway, rig.bob, { id: job_id })).rejects.toMatchObject(missing);
    expect((await listVerifications(gateway, rig.bob, { page: 1, per_page: 10 })).verifications).toEqual([]);
    await (await executor.take()).end({ type: "completed", result });
    await is(id, "completed");
    await expect(order(backup.id, { target: { database_id: bobs.id } })).rejects.toMatchObject(missing);
    await expect(createVerification(gateway, { ...rig.bob, scope: "all" }, { backup_id: backup.id, target: { database_id: bobs.id } })).rejects.toMatchObject(missing);
    expect(await deleteUser(rig.db, rig.ann.user_id)).not.toBe("done");
  });

  test("is canceled before it begins, and while it runs; neither is told to people", async () => {
    const { backup } = await make();
    await executor[Symbol.asyncDispose](); // nobody takes it
    const first = await order(backup.id);
    await until("the command to be queued", () => findQueued(rig.core.bus, "default", first.job_id));
    expect((await cancelJob(gateway, rig.ann, { id: first.job_id })).status).toBe("canceled");
    await is(first.id, "canceled");
    executor = rig.executor();
    const second = await order(backup.id);
    const run = await executor.take();
    await run.start();
    await is(second.id, "running");
    expect((await getJob(gateway, rig.ann, { id: second.job_id })).verification_id).toBe(second.id);
    await cancelJob(gateway, rig.ann, { id: second.job_id });
    await until("the executor to be asked", () => rig.told.cancels.includes(second.job_id));
    await run.end({ type: "canceled" });
    await is(second.id, "canceled");
    await deleteBackup(gateway, rig.ann, { id: backup.id });
    expect(rig.told.notices.filter(({ verification_id }) => verification_id !== null)).toEqual([]);
  });

  test("whose executor dies each time is cleared up after, and given up", async () => {
    const { backup } = await make();
    const { id, job_id } = await order(backup.id);
    const run = await executor.take();
    await run.start();
    for (let n = 2; n <= 5; n++) {
      Object.assign(run, { run_id: `run-${n}` });
      await run.say({ type: "started" });
    }
    await until("its runs to be counted", async () => (await getJob(gateway, rig.ann, { id: job_id })).attempts === 5);
    await executor[Symbol.asyncDispose]();
    await run.die();
    executor = rig.executor();
    const cleanUp = await until("the clean-up", async () => {
      const next = await executor.take();
      return next.command.cleanup_only && next;
    });
    expect((cleanUp.command as VerifyCommand).target.connection.db_name).toMatch(/^safebase_verify_/);
    await cleanUp.end({ type: "canceled" });
    expect(await is(id, "failed")).toMatchObject({ error_code: "gave_up", error_msg: expect.stringMatching(/ 5 times while it ran this job; nothing of it is left on the server$/) });
  });

  test("one at a time on a server, beside backups", async () => {
    const { backup, database } = await make();
    const second = await rig.completedBackup(gateway, executor, database);
    const alias = await rig.database("postgresql"); // another registration of the same server
    await updateDatabase(rig.db, alias.id, { port: database.port, db_name: "other" });
    const third = await rig.completedBackup(gateway, executor, alias);
    const ids = [(await order(backup.id)).id, (await order(second.id)).id, (await order(third.id)).id];
    const dump = await createBackup(gateway, rig.ann, { database_id: database.id });
    const first = await executor.take();
    expect(first.command).toMatchObject({ verification_id: ids[0] });
    const dumping = await executor.take();
    expect(dumping.command).toMatchObject({ kind: "backup", backup_id: dump.id });
    expect(executor.waiting).toEqual([]);
    await dumping.complete();
    await rig.backupIs(dump.id, "completed");
    expect(executor.waiting).toEqual([]);
    await first.end({ type: "completed", result });
    const next = await executor.take(); // either: one may have been passed over while the first was not over
    const rest = ids.slice(1).filter((id) => id !== (next.command as { verification_id?: number }).verification_id);
    expect(rest).toHaveLength(1);
    const elsewhere = await make();
    const free = await order(elsewhere.backup.id);
    const other = await executor.take();
    expect(other.command).toMatchObject({ verification_id: free.id });
    expect(executor.waiting).toEqual([]);
    await next.fail("unreachable", "gone");
    expect((await executor.take()).command).toMatchObject({ verification_id: rest[0] });
  });

  describe("of a schedule", () => {
    const scheduled = async (verify: { verify_every: number; verify_database_id?: number }) => {
      const database = await rig.database("postgresql");
      const schedule = await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *" });
      await rig.db.updateTable("schedules").set(verify).where("id", "=", schedule.id).execute();
      let day = 1;
      /** The next planned time's backup, ended like this; the command that follows it, if one does. */
      const run = async (end: "complete" | "fail" = "complete") => {
        const planned_at = new Date(Date.UTC(2030, 0, day++, 3)).toISOString();
        await applyDues(gateway, gateway.dispatcher, [{ schedule_id: schedule.id, planned_at, emitted_at: planned_at, trigger: day === 3 ? "catch_up" : "scheduled" }]);
        const dump = await executor.take();
        const { backup_id: id } = dump.command as { backup_id: number };
        await (end === "complete" ? dump.complete() : dump.fail("dump_failed", "no"));
        await rig.backupIs(id, end === "complete" ? "completed" : "failed");
        return id;
      };
      return { database, schedule, run };
    };

    test("each so many-th completed backup is verified, in the order of things", async () => {
      const { run, schedule, database } = await scheduled({ verify_every: 2 });
      await run();
      await run("fail");
      expect(await list()).toEqual([]);
      const second = await run();
      const [first] = await list();
      expect(first).toMatchObject({ backup_id: second, trigger: "scheduled", target_database_id: database.id });
      const verifying = await executor.take();
      expect(verifying.command).toMatchObject({ kind: "verify", verification_id: first!.id });
      await run();
      await run(); // its turn, but the one before is not over
      expect(await list()).toHaveLength(1);
      await verifying.end({ type: "completed", result });
      await is(first!.id, "completed");
      const fifth = await run();
      expect((await list()).map(({ backup_id }) => backup_id)).toEqual([fifth, second]);
      await (await executor.take()).fail("restore_failed", "no");
      await run(); // a verification that failed counts as well
      expect(await list()).toHaveLength(2);
      const { rows } = await pageOfAudit(rig.db, { action: "verification.create" }, { limit: 10, offset: 0 });
      expect(rows.map(({ actor, object_id }) => [actor, object_id])).toEqual([["scheduler", schedule.id], ["scheduler", schedule.id]]);
      expect((await notice("verification_failed", (await list())[0]!.id)).trigger).toBe("scheduled");
    });

    test("on another database's server, which may not be unregistered meanwhile", async () => {
      const staging = await rig.database("postgresql");
      const { run, schedule } = await scheduled({ verify_every: 1, verify_database_id: staging.id });
      await run();
      const verifying = await executor.take();
      expect(verifying.command).toMatchObject({ kind: "verify", target: { connection: { port: staging.port } } });
      await verifying.end({ type: "completed", result });
      await is((await list())[0]!.id, "completed");
      await expect(deleteDatabase(gateway, rig.ann, { id: staging.id })).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching(new RegExp(`^schedule ${schedule.id} has its backups verified`)) });
      await rig.db.updateTable("schedules").set({ verify_database_id: null }).execute();
      await deleteDatabase(gateway, rig.ann, { id: staging.id });
      expect((await list())[0]).toMatchObject({ target_database_id: staging.id, target_database_name: "My shop" });
    });

    test("none without a schedule that asks for it", async () => {
      const { database } = await scheduled({ verify_every: 1 });
      await rig.completedBackup(gateway, executor, database); // by hand
      expect(await list()).toEqual([]);
    });
  });
});
