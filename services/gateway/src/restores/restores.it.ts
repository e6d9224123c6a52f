import type { RestoreCommand } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { listBackups } from "../backups/list.ts";
import { pageOfAudit } from "../catalog/audit.ts";
import type { Database } from "../catalog/schema.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { getJob } from "../jobs/get.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createSchedule } from "../schedules/create.ts";
import { createRestore } from "./create.ts";
import { listRestores } from "./list.ts";

describe.each(["sqlite", "postgresql"] as const)("restores on %s", (dialect) => {
  let rig: Rig, gateway: Deps, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const make = async (type: Database["type"]) => {
    const database = await rig.database(type);
    return { database, backup: await rig.completedBackup(gateway, executor, database) };
  };

  test("PostgreSQL: the command names the artifact as the catalog knows it", async () => {
    const { backup } = await make("postgresql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    const run = await executor.take();
    expect(run.command).toMatchObject({
      kind: "restore", restore_id: restore.id, safety: null,
      source: { backup_id: backup.id, sha256: backup.sha256, size_bytes: backup.size, copies: [{ name: "local", config_sealed: null }], type: "postgresql" },
      target: { must_be_new: false, connection: { db_name: "shop", password_sealed: "sealed" } },
    });
    await run.start();
    await run.complete();
    expect(await rig.restoreIs(restore.id, "completed")).toMatchObject({ replaced: true, target_db_name: "shop" });
    await until("the notice", () => rig.told.notices.some((notice) => notice.kind === "restore_completed" && notice.restore_id === restore.id));
  });

  test("MariaDB in place: the safety backup comes first, and the restore knows it", async () => {
    const { backup } = await make("mariadb");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    expect(restore.note).toContain(`safety backup ${restore.safety_backup_id} of it is taken first`);
    const safety = await executor.take();
    expect(safety.command).toMatchObject({ kind: "backup", backup_id: restore.safety_backup_id, trigger: "safety", format: "sql" });
    await safety.start();
    await rig.backupIs(restore.safety_backup_id!, "running");
    expect((await getJob(gateway, rig.ann, { id: restore.job_id })).published_at).toBeNull();
    await safety.complete();
    const listed = (await listBackups(gateway, rig.ann, { page: 1, per_page: 10 })).backups;
    expect(listed.map(({ id, trigger }) => [id, trigger])).toEqual([[restore.safety_backup_id, "safety"], [backup.id, "manual"]]);
    expect((await getBackup(gateway, rig.ann, { id: restore.safety_backup_id! })).trigger).toBe("safety");
    const run = await executor.take();
    expect((run.command as RestoreCommand).safety).toMatchObject({ backup_id: restore.safety_backup_id, sha256: "ab".repeat(32) });
    await expect(deleteBackup(gateway, rig.ann, { id: restore.safety_backup_id! })).rejects.toMatchObject({ code: "conflict" });
    await run.complete();
    await rig.restoreIs(restore.id, "completed");
  });

  test("a safety backup that fails fails the restore, before anything was touched", async () => {
    const { backup } = await make("mysql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    await (await executor.take()).fail("storage_full", "the storage is full");
    expect(await rig.restoreIs(restore.id, "failed")).toMatchObject({
      error_code: "storage_full", error_msg: expect.stringMatching(/^the safety backup failed, so the target was not touched: the storage is full \(.*new name.*; or .*safety_backup: false, .*without a way back\)$/),
    });
    await rig.backupIs(restore.safety_backup_id!, "failed");
    expect((await getJob(gateway, rig.ann, { id: restore.job_id })).published_at).toBeNull();
  });

  test("a safety backup that cannot reach the server names no way around it", async () => {
    const { backup } = await make("mysql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    await (await executor.take()).fail("unreachable", "no answer");
    expect(await rig.restoreIs(restore.id, "failed")).toMatchObject({ error_msg: "the safety backup failed, so the target was not touched: no answer" });
  });

  test("without a safety backup, where the user wants none: said at once, in the view and in the audit log", async () => {
    const { backup } = await make("mysql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0, safety_backup: false });
    expect(restore).toMatchObject({ safety_backup_id: null, must_be_new: false, note: expect.stringMatching(/^no safety backup of shop is taken, .*without a way back/) });
    const { entries } = await pageOf(rig, "restore.create");
    expect(entries).toMatchObject([{ object_id: restore.id, safety_backup: false }]);
    const run = await executor.take();
    expect(run.command).toMatchObject({ kind: "restore", safety: null, target: { must_be_new: false } });
    await run.complete();
    await rig.restoreIs(restore.id, "completed");
    expect((await listBackups(gateway, rig.ann, { page: 1, per_page: 10 })).backups).toHaveLength(1);
  });

  test("PostgreSQL and new names need no safety backup, whatever is asked", async () => {
    const { backup } = await make("postgresql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60, safety_backup: false });
    expect(restore).toMatchObject({ safety_backup_id: null, note: expect.stringContaining("the target stays as it is") });
    const { backup: other } = await make("mysql");
    const elsewhere = await createRestore(gateway, rig.ann, { backup_id: other.id, confirm: "copy", delay_s: 60, safety_backup: false, target: { db_name: "copy" } });
    expect(elsewhere.note).toContain("a new database copy is made");
    for (const entry of (await pageOf(rig, "restore.create")).entries) expect(entry).not.toHaveProperty("safety_backup");
  });

  test("where there is no database there is nothing to save: the restore goes on", async () => {
    const { backup } = await make("mysql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    await (await executor.take()).fail("database_missing", "database shop does not exist");
    const run = await executor.take();
    expect(run.command).toMatchObject({ kind: "restore", safety: null });
    await run.complete();
    expect((await rig.restoreIs(restore.id, "completed")).note).toContain("no safety backup was taken: there was nothing to save");
    expect((await getBackup(gateway, rig.ann, { id: restore.safety_backup_id! })).status).toBe("canceled");
  });

  test("a canceled restore takes its safety backup with it", async () => {
    const { backup } = await make("mysql");
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 60 });
    await cancelJob(gateway, rig.ann, { id: restore.job_id });
    await rig.restoreIs(restore.id, "canceled");
    await rig.backupIs(restore.safety_backup_id!, "canceled");
  });

  test("a backup and a restore in place never work on one database together: the second waits", async () => {
    const { backup, database } = await make("postgresql");
    const dump = await createBackup(gateway, rig.ann, { database_id: database.id });
    const dumping = await executor.take();
    const restore = await createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", delay_s: 0 });
    const later = await createBackup(gateway, rig.ann, { database_id: database.id });
    const elsewhere = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id });
    const other = await executor.take(); // proof that the dispatcher has been through
    expect(other.command).toMatchObject({ backup_id: elsewhere.id });
    expect(executor.waiting).toEqual([]);
    await dumping.complete();
    await rig.backupIs(dump.id, "completed");
    const restoring = await executor.take();
    expect(restoring.command).toMatchObject({ kind: "restore", restore_id: restore.id });
    await other.complete();
    await rig.backupIs(elsewhere.id, "completed");
    expect(executor.waiting).toEqual([]);
    await restoring.complete();
    const last = await executor.take();
    expect(last.command).toMatchObject({ kind: "backup", backup_id: later.id });
    await last.complete();
    await rig.backupIs(later.id, "completed");
  });

  test("a new name must be new; two restores to one place are refused; other engines too", async () => {
    const { backup, database } = await make("mysql");
    const to = (target: object, confirm: string, more: object = {}) => createRestore(gateway, rig.ann, { backup_id: backup.id, confirm, delay_s: 60, target, ...more });
    const first = await to({ db_name: "shop 2; DROP" }, "shop 2; DROP");
    expect(first).toMatchObject({ must_be_new: true, safety_backup_id: null, target_db_name: "shop 2; DROP" });
    await expect(to({ db_name: "shop 2; DROP" }, "shop 2; DROP")).rejects.toMatchObject({ code: "target_busy" });
    await expect(to({}, "Shop")).rejects.toMatchObject({ code: "bad_request", message: "confirm: type the name of the database that is written to: shop" });
    const mariadb = await rig.database("mariadb");
    await expect(to({ database_id: mariadb.id }, "shop")).rejects.toMatchObject({
      code: "bad_request", message: "target: a backup of mysql cannot be restored to a mariadb database",
    });
    await expect(to({ db_name: "" }, "")).rejects.toMatchObject({ code: "bad_request" });
    await expect(to({}, "shop", { delay_s: 3_601 })).rejects.toMatchObject({ code: "bad_request" });
    const in_place = await to({ db_name: "shop" }, "shop");
    expect(in_place.must_be_new).toBe(false);
    await expect(to({ database_id: database.id }, "shop")).rejects.toMatchObject({ code: "target_busy" });
    const pending = await createBackup(gateway, rig.ann, { database_id: database.id });
    await expect(to({ db_name: "x" }, "x", { backup_id: pending.id })).rejects.toMatchObject({ code: "conflict" });
    await expect(createBackup(gateway, rig.ann, { database_id: database.id, format: "custom" })).rejects.toMatchObject({
      code: "bad_request", message: expect.stringMatching(/^format: /),
    });
  });

  test("what belongs to another is not there", async () => {
    const { backup, database } = await make("postgresql");
    const bobs = await rig.database("postgresql", rig.bob);
    const notFound = { code: "not_found" };
    const { bob } = rig;
    await expect(createBackup(gateway, bob, { database_id: database.id })).rejects.toMatchObject(notFound);
    await expect(getBackup(gateway, bob, { id: backup.id })).rejects.toMatchObject(notFound);
    await expect(deleteBackup(gateway, bob, { id: backup.id })).rejects.toMatchObject(notFound);
    await expect(getJob(gateway, bob, { id: backup.job_id })).rejects.toMatchObject(notFound);
    await expect(cancelJob(gateway, bob, { id: backup.job_id })).rejects.toMatchObject(notFound);
    await expect(createRestore(gateway, bob, { backup_id: backup.id, confirm: "shop", target: { database_id: bobs.id } })).rejects.toMatchObject(notFound);
    await expect(createRestore(gateway, rig.ann, { backup_id: backup.id, confirm: "shop", target: { database_id: bobs.id } })).rejects.toMatchObject(notFound);
    await expect(createSchedule(gateway, bob, { database_id: database.id, cron: "0 3 * * *" })).rejects.toMatchObject(notFound);
    expect((await listBackups(gateway, bob, { page: 1, per_page: 10 })).pagination.total).toBe(0);
    expect((await listRestores(gateway, bob, { page: 1, per_page: 10 })).restores).toEqual([]);
    expect((await listBackups(gateway, rig.ann, { page: 1, per_page: 10 })).backups.map(({ id }) => id)).toEqual([backup.id]);
  });
});

/** What the audit log says of one action, newest first, details spread out. */
async function pageOf(rig: Rig, action: string) {
  const { rows } = await pageOfAudit(rig.db, { action }, { limit: 10, offset: 0 });
  return { entries: rows.map(({ detail, ...row }) => ({ ...row, ...JSON.parse(detail ?? "{}") as object })) };
}
