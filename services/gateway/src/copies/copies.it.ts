import type { CopyCommand, CopyFinding, DeleteCommand, NoticeKind } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import type { BackupDetails } from "../backups/view.ts";
import { insertStorage } from "../catalog/storages.ts";
import { createCheck } from "../checks/create.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { startRig, type Executor, type Rig, type Run } from "../jobs/rig-fixture.ts";
import { planHistory } from "../retention/history.ts";
import { createVerification } from "../verifications/create.ts";
import { addCopy } from "./add.ts";
import { removeCopy } from "./remove.ts";
import { retryCopyNow } from "./retry.ts";

describe.each(["sqlite", "postgresql"] as const)("copies on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeAll(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
    const at = new Date().toISOString();
    for (const name of ["second", "third"]) await insertStorage(rig.db, { name, user_id: null, type: "local", target: "-", config_sealed: "sealed", shared: 1, created_at: at, updated_at: at });
  });
  afterAll(() => rig[Symbol.asyncDispose]());
  beforeEach(() => { rig.told.notices.length = 0; });

  const lost = (storage: string, state: "damaged" | "missing" = "missing"): CopyFinding => ({ storage, state, detail: `${storage} says no` });
  const backupOf = (id: number): Promise<BackupDetails> => getBackup(gateway, rig.ann, { id });
  const states = async (id: number): Promise<Record<string, string>> => Object.fromEntries((await backupOf(id)).copies.map(({ storage, state }) => [storage, state]));
  const statesAre = (id: number, expected: Record<string, string>): Promise<unknown> => until(`copies ${JSON.stringify(expected)}`, async () => JSON.stringify(await states(id)) === JSON.stringify(expected) || undefined);
  const told = (kind: NoticeKind) => until(`the notice ${kind}`, () => rig.told.notices.find((notice) => notice.kind === kind));
  const value = async (series: string): Promise<number> => Number((await rig.metrics.metrics()).split("\n").find((line) => line.startsWith(`${series} `))?.split(" ").at(-1));

  /** A completed backup, which these storages did not take. */
  async function make(storages: string[], copies: CopyFinding[] = []): Promise<BackupDetails> {
    const { id } = await createBackup(gateway, rig.ann, { database_id: (await rig.database("postgresql")).id, storages });
    await (await executor.take("the backup")).complete({ copies });
    return rig.backupIs(id, "completed");
  }

  /** Has a backup checked, and each of its copies found so. */
  async function check(id: number, copies: CopyFinding[]): Promise<void> {
    const { id: check_id } = await createCheck(gateway, rig.ann, { backup_id: id });
    const run = await executor.take("the check");
    await run.end({ type: "completed", result: { kind: "check", ok: false, copies } });
    await until("the check to be over", async () => (await rig.db.selectFrom("checks").select("status").where("id", "=", check_id).executeTakeFirst())?.status === "completed");
  }

  async function copyJob(): Promise<Run & { command: CopyCommand }> {
    const run = await executor.take("a copy");
    if (run.command.kind !== "copy") throw new Error(`a ${run.command.kind} instead of a copy`);
    return run as Run & { command: CopyCommand };
  }

  test("a storage that did not take the backup is told of, and gets its copy by itself, from those that are good", async () => {
    const backup = await make(["local", "second", "third"], [lost("second")]);
    expect(backup.copies).toMatchObject([{ storage: "local", state: "good", job: null }, { storage: "second", state: "missing", detail: "second says no", job: { status: "pending" } }, { storage: "third", state: "good" }]);
    expect(await told("copy_missing")).toMatchObject({ severity: "warning", backup_id: backup.id, copies: ["second"], database: { name: "My shop" }, error: { code: "artifact_missing", message: "in second: second says no" } });
    expect(rig.told.notices.map(({ kind }) => kind)).toContain("backup_completed");
    expect(await value('safebase_copies_lost{storage="second",state="missing"}')).toBe(1);
    const run = await copyJob();
    expect(run.command).toMatchObject({ backup_id: backup.id, replace: true, target: { name: "second", config_sealed: "sealed" }, source: { backup_id: backup.id, copies: [{ name: "local" }, { name: "third" }] } });
    await run.complete();
    await statesAre(backup.id, { local: "good", second: "good", third: "good" });
    expect(await told("copy_repaired")).toMatchObject({ severity: "info", copies: ["second"], backup_id: backup.id });
    expect((await backupOf(backup.id)).copies[1]).toMatchObject({ detail: null, checked_at: null, job: null });
    expect(await value('safebase_copies_lost{storage="second",state="missing"}')).toBe(0);
    expect(await value('safebase_copies_total{status="completed",engine="postgresql"}')).toBeGreaterThan(0);
  });

  test("one that fails is tried again, ever more rarely, and at once when somebody asks; one at a time for each copy", async () => {
    const { id } = await make(["local", "second"], [lost("second")]);
    const waits: number[] = [];
    for (let tries = 0; tries < 3; tries++) {
      await (await copyJob()).fail("storage_failed", `no, for the ${tries}th time`);
      const job = await until("the next try", async () => (await backupOf(id)).copies.find(({ detail, job: next }) => detail === `no, for the ${tries}th time` && next !== null)?.job);
      waits.push(Math.round((Date.parse(job?.not_before ?? "") - Date.now()) / 60_000));
      const { copies } = await retryCopyNow(gateway, rig.ann, { backup_id: id, storage: "second" });
      expect(copies[1]?.job?.id).toBe(job?.id);
    }
    expect(waits).toEqual([1, 2, 4]);
    expect((await rig.db.selectFrom("jobs").select("id").where("backup_id", "=", id).where("kind", "=", "copy").where("status", "in", ["pending", "running"]).execute())).toHaveLength(1);
    const canceled = await copyJob();
    await cancelJob(gateway, rig.ann, { id: canceled.command.job_id });
    await canceled.end({ type: "canceled" });
    await until("no further try", async () => (await backupOf(id)).copies[1]?.job === null);
    await retryCopyNow(gateway, rig.ann, { backup_id: id, storage: "second" });
    await (await copyJob()).complete();
    await statesAre(id, { local: "good", second: "good" });
    await expect(retryCopyNow(gateway, rig.ann, { backup_id: id, storage: "second" })).rejects.toMatchObject({ code: "conflict" });
  });

  test("a check that finds one copy damaged tells it once and repairs it: the backup is as good as its best copy", async () => {
    const { id } = await make(["local", "second"]);
    await check(id, [lost("second", "damaged"), { storage: "local", state: "good", detail: null }]);
    expect(await backupOf(id)).toMatchObject({ integrity: { state: "good" }, copies: [{ storage: "local", state: "good", checked_at: expect.any(String) }, { storage: "second", state: "damaged", detail: "second says no" }] });
    expect(await told("copy_damaged")).toMatchObject({ severity: "warning", backup_id: id, copies: ["second"], error: { code: "artifact_damaged", message: "in second: second says no" } });
    const run = await copyJob();
    expect(run.command).toMatchObject({ replace: true, source: { copies: [{ name: "local" }] } });
    await check(id, [lost("second", "damaged"), { storage: "local", state: "good", detail: null }]);
    await run.complete();
    await told("copy_repaired");
    expect(rig.told.notices.filter(({ kind }) => kind === "copy_damaged")).toHaveLength(1);
    expect(rig.told.notices.filter(({ kind }) => kind === "backup_damaged")).toEqual([]);
  });

  test("what a check does not judge stays as it was known; with no good copy the backup is damaged, and nothing is copied", async () => {
    const { id } = await make(["local", "second"]);
    await check(id, [lost("local")]); // the other storage did not answer
    expect(await backupOf(id)).toMatchObject({ integrity: { state: "good" }, copies: [{ state: "missing" }, { state: "good", checked_at: null }] });
    await told("copy_damaged");
    await (await copyJob()).complete();
    await statesAre(id, { local: "good", second: "good" });
    await check(id, [lost("local", "damaged"), lost("second")]);
    expect((await backupOf(id)).integrity.state).toBe("damaged");
    expect(await told("backup_damaged")).toMatchObject({ error: { code: "artifact_damaged", message: "in local: local says no; in second: second says no" } });
    expect((await backupOf(id)).copies.map(({ job }) => job)).toEqual([null, null]);
    await check(id, [{ storage: "second", state: "good", detail: null }]); // put back by hand
    await (await copyJob()).complete();
    await statesAre(id, { local: "good", second: "good" });
  });

  test("a copy made good while a check read it stays good", async () => {
    const { id } = await make(["local", "second"], [lost("second")]);
    await createCheck(gateway, rig.ann, { backup_id: id });
    const [one, two] = [await executor.take("the first"), await executor.take("the second")];
    const [copying, checking] = one.command.kind === "copy" ? [one, two] : [two, one];
    await checking.start();
    await until("the check to run", async () => (await rig.db.selectFrom("checks").select("id").where("backup_id", "=", id).where("status", "=", "running").execute()).length === 1);
    await copying.complete();
    await statesAre(id, { local: "good", second: "good" });
    await checking.end({ type: "completed", result: { kind: "check", ok: false, copies: [{ storage: "local", state: "good", detail: null }, lost("second")] } });
    await until("the check's end", async () => (await backupOf(id)).integrity.state === "good");
    expect(await states(id)).toEqual({ local: "good", second: "good" });
    expect(rig.told.notices.filter(({ kind }) => kind === "copy_damaged")).toEqual([]);
  });

  test("a copy that a restore or a verification passed over is noted and repaired; a source that is not good brings a check", async () => {
    const { id } = await make(["second", "local"]);
    await createVerification(gateway, rig.ann, { backup_id: id });
    const proof = await executor.take("the verification");
    await proof.end({ type: "completed", result: { kind: "verify", tables: 1, rows: 3, differences: [], warnings: [], passed_over: [lost("second", "damaged")] } });
    await told("copy_damaged");
    expect(await states(id)).toEqual({ second: "damaged", local: "good" });
    await (await copyJob()).fail("artifact_damaged", "local is damaged, too");
    const checking = await executor.take("a check");
    expect(checking.command).toMatchObject({ kind: "check", source: { backup_id: id } });
    await checking.found("damaged", "both");
    expect(await told("backup_damaged")).toMatchObject({ backup_id: id });
  });

  test("a backup is copied to one more storage, and removed from one, but not from the last good one", async () => {
    const { id } = await make(["local"]);
    const input = { backup_id: id, storage: "second" };
    await expect(addCopy(gateway, rig.bob, input)).rejects.toMatchObject({ code: "not_found" });
    await expect(addCopy(gateway, rig.ann, { ...input, storage: "nowhere" })).rejects.toMatchObject({ code: "bad_request" });
    await expect(addCopy(gateway, rig.ann, { ...input, storage: "local" })).rejects.toMatchObject({ code: "conflict", message: `backup ${id} lies in local already` });
    expect((await addCopy(gateway, rig.ann, input)).copies).toMatchObject([{ storage: "local", state: "good" }, { storage: "second", state: "pending", job: { status: "pending" } }]);
    await expect(addCopy(gateway, rig.ann, input)).rejects.toMatchObject({ code: "conflict" });
    await expect(removeCopy(gateway, rig.ann, { ...input, storage: "local" })).rejects.toMatchObject({ code: "conflict", hint: expect.stringContaining("delete the backup") });
    const run = await copyJob();
    expect(run.command.replace).toBe(false);
    await run.complete();
    await statesAre(id, { local: "good", second: "good" });
    expect(rig.told.notices.filter(({ kind }) => kind === "copy_repaired")).toEqual([]);
    await expect(removeCopy(gateway, rig.bob, input)).rejects.toMatchObject({ code: "not_found" });
    expect((await removeCopy(gateway, rig.ann, { ...input, storage: "local" })).copies).toMatchObject([{ storage: "second" }]);
    await expect(addCopy(gateway, rig.ann, { ...input, storage: "local" })).rejects.toMatchObject({ code: "conflict", message: `backup ${id} is still being removed from local` });
    const removal = await executor.take("the removal");
    expect(removal.command).toMatchObject({ kind: "delete", backup_id: id, storages: [{ name: "local" }] });
    await removal.complete();
    await until("it to be forgotten", async () => (await rig.db.selectFrom("copies").select("id").where("backup_id", "=", id).execute()).length === 1);
    expect(await backupOf(id)).toMatchObject({ status: "completed" });
  });

  test("a storage with a key of its own takes nothing that the key does not open", async () => {
    const { id } = await make(["local"]);
    const key = await rig.db.insertInto("encryption_keys").values({ user_id: rig.ann.user_id, name: "k", recipient: "age1other", identity_sealed: null, identity_given_at: null, created_at: "-", retired_at: null }).returning("id").executeTakeFirstOrThrow();
    await rig.db.updateTable("storages").set({ encryption_key_id: key.id }).where("name", "=", "third").execute();
    await expect(addCopy(gateway, rig.ann, { backup_id: id, storage: "third" })).rejects.toMatchObject({ code: "conflict", message: `what goes to third is encrypted to its key, and backup ${id} is not` });
    await rig.db.updateTable("storages").set({ encryption_key_id: null }).where("name", "=", "third").execute();
  });

  test("a backup that goes takes its copies with it: none protects it, and what is being written is waited for", async () => {
    const { id, database_id } = await make(["local", "second"], [lost("second")]);
    const run = await copyJob();
    await run.start();
    await until("the copy to run", async () => (await backupOf(id)).copies[1]?.job?.status === "running");
    const database = await rig.db.selectFrom("databases").selectAll().where("id", "=", database_id).executeTakeFirstOrThrow();
    const { keep } = await planHistory(rig.db, database, new Date());
    expect(keep.flatMap(({ reasons }) => reasons).filter((reason) => reason.startsWith("needed"))).toEqual([]);
    await deleteBackup(gateway, rig.ann, { id });
    await until("the copy to be asked to end", () => rig.told.cancels.includes(run.command.job_id));
    expect(executor.waiting).toEqual([]);
    await run.end({ type: "canceled" });
    const removal = await executor.take("the removal");
    expect((removal.command as DeleteCommand).storages.map(({ name }) => name)).toEqual(["local", "second"]);
    await removal.complete();
    await until("all to be forgotten", async () => (await rig.db.selectFrom("copies").select("id").where("backup_id", "=", id).execute()).length === 0);
    expect((await rig.db.selectFrom("backups").select("purged_at").where("id", "=", id).executeTakeFirst())?.purged_at).not.toBeNull();
  });
});
