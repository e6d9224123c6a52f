import { generateAgeKey } from "@safebase/artifact";
import type { CheckCommand } from "@safebase/contracts";
import { IDENTITY_CONTEXT } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { deleteBackup } from "../backups/delete.ts";
import { getBackup } from "../backups/get.ts";
import { pageOfAudit } from "../catalog/audit.ts";
import { updateDatabase } from "../catalog/databases.ts";
import { objectivesToJudge } from "../catalog/objectives.ts";
import type { Database, Status } from "../catalog/schema.ts";
import { deleteUser } from "../catalog/users.ts";
import { deleteDatabase } from "../databases/delete.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Deps } from "../jobs/deps.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createKey } from "../keys/create.ts";
import { createRestore } from "../restores/create.ts";
import { planHistory } from "../retention/history.ts";
import { addPast, nightly } from "../retention/history-fixture.ts";
import { createVerification } from "../verifications/create.ts";
import { createCheck } from "./create.ts";
import { getCheck } from "./get.ts";
import { listChecks } from "./list.ts";
import { queueChecks } from "./share.ts";

describe.each(["sqlite", "postgresql"] as const)("checks on %s", (dialect) => {
  let rig: Rig, gateway: Deps & AsyncDisposable, executor: Executor;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const order = (backup_id: number) => createCheck(gateway, rig.ann, { backup_id });
  const is = (id: number, status: Status) => until(`check ${id} to be ${status}`, async () => {
    const check = await getCheck(gateway, rig.ann, { id });
    return check.status === status && check;
  });
  const list = async (filter: object = {}) => (await listChecks(gateway, rig.ann, { page: 1, per_page: 100, ...filter })).checks;
  const backupOf = (id: number) => getBackup(gateway, rig.ann, { id });
  const make = async () => {
    const database = await rig.database("postgresql");
    return { database, backup: await rig.completedBackup(gateway, executor, database) };
  };
  /** Has a backup checked, and found so. */
  const checked = async (id: number, state: "good" | "damaged" | "missing", detail: string | null = null) => {
    const check = await order(id);
    await (await executor.take()).found(state, detail);
    return is(check.id, "completed");
  };
  const notices = () => rig.told.notices.filter(({ kind }) => kind === "backup_damaged");

  test("one that finds nothing wrong is noted with the backup, shown, counted, and told to nobody", async () => {
    const { backup, database } = await make();
    expect(backup.integrity).toEqual({ state: "unchecked", checked_at: null });
    const ordered = await order(backup.id);
    expect(ordered).toMatchObject({ status: "pending", trigger: "manual", backup_id: backup.id, database_id: database.id, type: "postgresql", result: null, copies: [] });
    const run = await executor.take();
    const { filepath, sha256, size } = backup;
    expect(run.command).toMatchObject({ kind: "check", check_id: ordered.id, source: { backup_id: backup.id, type: "postgresql", copies: [{ name: "local", config_sealed: null }], sha256, size_bytes: size } });
    expect(filepath?.startsWith((run.command as CheckCommand).source.stem)).toBe(true);
    await run.start();
    await is(ordered.id, "running");
    await run.found("good", null);
    const done = await is(ordered.id, "completed");
    expect(done).toMatchObject({ result: "good", copies: [{ storage: "local", state: "good", detail: null }], error_code: null });
    expect((await backupOf(backup.id)).integrity).toEqual({ state: "good", checked_at: done.finished_at });
    await until("browsers to be shown all of it", () => ["pending", "running", "completed"].every((status) =>
      rig.told.ui.some(({ event, data }) => event === "check" && data["id"] === ordered.id && data["status"] === status)));
    await until("browsers to be shown the backup", () => rig.told.ui.some(({ event, data }) => event === "backup" && (data["integrity"] as { state: string }).state === "good"));
    expect(await rig.metrics.metrics()).toContain('safebase_checks_total{result="good",engine="postgresql"} 1');
    expect((await pageOfAudit(rig.db, { action: "check.create" }, { limit: 10, offset: 0 })).rows).toMatchObject([{ user_id: rig.ann.user_id, object_type: "check", object_id: ordered.id, outcome: "ok" }]);
    expect(notices()).toEqual([]);
  });

  test("damage is told once, on record, counted, and over when a later check or test restore finds it well", async () => {
    const { backup, database } = await make();
    const found = await checked(backup.id, "damaged", "shop.dump.zst was altered");
    expect(found).toMatchObject({ status: "completed", result: "damaged", error_code: null, copies: [{ state: "damaged", detail: "shop.dump.zst was altered" }] });
    expect((await backupOf(backup.id))).toMatchObject({ status: "completed", integrity: { state: "damaged", checked_at: found.finished_at } });
    const notice = await until("the notice", () => notices()[0]);
    expect(notice).toMatchObject({
      severity: "critical", backup_id: backup.id, database: { id: database.id }, user_id: rig.ann.user_id, trigger: "manual",
      error: { code: "artifact_damaged", message: "in local: shop.dump.zst was altered" },
    });
    const page = await rig.metrics.metrics();
    expect(page).toContain('safebase_checks_total{result="damaged",engine="postgresql"} 1');
    expect(page).toContain('safebase_backups_damaged{engine="postgresql"} 1');
    await checked(backup.id, "damaged", "as before");
    await checked(backup.id, "missing", "it is gone");
    await until("what is new to be told", () => notices().length === 2);
    expect(notices()[1]).toMatchObject({ error: { code: "artifact_missing" } });
    await checked(backup.id, "good");
    const audited = async () => (await pageOfAudit(rig.db, { action: "backup.integrity" }, { limit: 10, offset: 0 })).rows.map(({ outcome, detail }) => [outcome, (JSON.parse(detail ?? "{}") as { found: string }).found]);
    expect(await audited()).toEqual([["ok", "good"], ["failed", "missing"], ["failed", "damaged"]]);
    await checked(backup.id, "damaged", "again");
    const proof = await createVerification(gateway, rig.ann, { backup_id: backup.id });
    await (await executor.take()).complete();
    await until("the proof", async () => (await backupOf(backup.id)).verification?.id === proof.id && (await backupOf(backup.id)).verified_at !== null);
    expect((await backupOf(backup.id)).integrity.state).toBe("good");
    expect(await rig.metrics.metrics()).toContain('safebase_backups_damaged{engine="postgresql"} 0');
    await until("the third", () => notices().length === 3);
  });

  test("a damaged backup is not restored: the answer names the newest that is not, and how to go on", async () => {
    const { backup, database } = await make();
    const other = await rig.completedBackup(gateway, executor, database);
    const restore = (backup_id: number) => createRestore(gateway, rig.ann, { backup_id, confirm: "shop", delay_s: 0 });
    await checked(other.id, "missing", "it is gone");
    await expect(restore(other.id)).rejects.toMatchObject({
      code: "conflict", message: expect.stringMatching(new RegExp(`^backup ${other.id} was found missing from its storage by the check of 20`)),
      hint: `restore backup ${backup.id}, the newest that is not; or, if it was put right, have it checked again: POST /api/backups/${other.id}/check`,
    });
    await checked(backup.id, "damaged", "a flipped bit");
    await expect(restore(backup.id)).rejects.toMatchObject({ code: "conflict", hint: `if it was put right, have it checked again: POST /api/backups/${backup.id}/check` });
    await checked(backup.id, "good");
    const { id } = await restore(backup.id);
    await (await executor.take()).complete();
    await rig.restoreIs(id, "completed");
  });

  test("objectives and metrics count no damaged backup, nor does a proof of one", async () => {
    const database = await rig.database("mysql");
    const now = new Date();
    const [old, newest] = await addPast(rig.db, database, nightly(2, now, { verified_at: now.toISOString() }));
    const last = async (id: number) => (await rig.db.selectFrom("backups").select("started_at").where("id", "=", id).executeTakeFirstOrThrow()).started_at;
    await rig.db.insertInto("objectives").values((["backup", "verification"] as const).map((kind) => ({
      user_id: rig.ann.user_id, database_id: database.id, kind, max_age_s: 60, state_since: now.toISOString(), created_at: now.toISOString(), updated_at: now.toISOString(),
    }))).onConflict((conflict) => conflict.doNothing()).execute();
    const newestAt = async () => (await objectivesToJudge(rig.db, { database_id: database.id })).map(({ newest_at }) => newest_at);
    expect(await newestAt()).toEqual([await last(newest!), await last(newest!)]);
    await checked(newest!, "damaged", "a flipped bit");
    expect(await newestAt()).toEqual([await last(old!), await last(old!)]);
    expect(await rig.metrics.metrics()).toContain(`safebase_database_last_success_timestamp_seconds{database_id="${database.id}",database="My shop",engine="mysql"} ${Date.parse((await last(old!))!) / 1000}`);
    await checked(old!, "missing", "it is gone");
    expect(await newestAt()).toEqual([null, null]);
  });

  test("retention keeps the newest good one when a damaged newer one is there, and lets no damaged one take a place", async () => {
    const database = { ...await rig.database("mysql"), retention: JSON.stringify({ keep_last: 1 }) };
    const now = new Date();
    const ids = await addPast(rig.db, database, nightly(4, now));
    const kept = async () => (await planHistory(rig.db, database, now)).keep.map(({ backup, reasons }) => [backup.id, reasons]);
    expect(await kept()).toEqual([[ids[3], ["last completed backup", "the last one"]]]);
    await checked(ids[3]!, "damaged", "a flipped bit");
    expect(await kept()).toEqual([[ids[3], ["the last one"]], [ids[2], ["last completed backup", "the last one"]]]);
    await checked(ids[2]!, "missing", "it is gone");
    expect(await kept()).toEqual([[ids[3], ["the last one"]], [ids[1], ["last completed backup", "the last one"]]]);
    await order(ids[0]!);
    expect((await kept()).at(-1)).toEqual([ids[0], [expect.stringMatching(/^needed by check \d+$/)]]);
    await (await executor.take()).found("good", null);
  });

  test("one that cannot be made has failed and says nothing of the backup; a canceled one neither", async () => {
    const { backup } = await make();
    const first = await order(backup.id);
    await (await executor.take()).fail("storage_failed", "the storage does not answer");
    expect(await is(first.id, "failed")).toMatchObject({ error_code: "storage_failed", error_msg: "the storage does not answer", result: null });
    const second = await order(backup.id);
    const run = await executor.take();
    await run.start();
    await is(second.id, "running");
    await cancelJob(gateway, rig.ann, { id: second.job_id });
    await until("the executor to be told", () => rig.told.cancels.includes(second.job_id));
    await run.end({ type: "canceled" });
    await is(second.id, "canceled");
    expect((await backupOf(backup.id)).integrity).toEqual({ state: "unchecked", checked_at: null });
    expect((await list({ backup_id: backup.id })).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await list({ status: "failed" })).map(({ id }) => id)).toEqual([first.id]);
    expect(await list({ result: "damaged" })).toEqual([]);
    expect(await list({ database_id: 999 })).toEqual([]);
    const page = await rig.metrics.metrics();
    for (const counted of ['safebase_checks_total{result="failed",engine="postgresql"} 1', 'safebase_checks_total{result="canceled",engine="postgresql"} 1', 'safebase_job_failures_total{kind="check",code="storage_failed"} 1']) expect(page).toContain(counted);
    expect(notices()).toEqual([]);
  });

  test("is refused while one is open and of what is not completed; the backup stays until it is over, the database need not", async () => {
    const { backup, database } = await make();
    const first = await order(backup.id);
    await expect(order(backup.id)).rejects.toMatchObject({ code: "conflict", message: `check ${first.id} of backup ${backup.id} is pending` });
    await expect(deleteBackup(gateway, rig.ann, { id: backup.id })).rejects.toMatchObject({ code: "conflict", message: `check ${first.id} needs backup ${backup.id}` });
    await (await executor.take()).found("good", null);
    await is(first.id, "completed");
    const waiting = await createBackup(gateway, rig.ann, { database_id: database.id });
    await expect(order(waiting.id)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("only a completed backup") });
    await (await executor.take()).complete();
    await rig.backupIs(waiting.id, "completed");
    await deleteDatabase(gateway, rig.ann, { id: database.id });
    await checked(backup.id, "good");
    await deleteBackup(gateway, rig.ann, { id: backup.id });
    await expect(order(backup.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("what belongs to another is not there", async () => {
    const { backup } = await make();
    const { id, job_id } = await order(backup.id);
    const missing = { code: "not_found" };
    await expect(createCheck(gateway, rig.bob, { backup_id: backup.id })).rejects.toMatchObject(missing);
    await expect(getCheck(gateway, rig.bob, { id })).rejects.toMatchObject(missing);
    await expect(cancelJob(gateway, rig.bob, { id: job_id })).rejects.toMatchObject(missing);
    expect((await listChecks(gateway, rig.bob, { page: 1, per_page: 10 })).checks).toEqual([]);
    expect((await listChecks(gateway, { scope: "all" }, { page: 1, per_page: 10 })).checks).toMatchObject([{ id }]);
    await (await executor.take()).found("good", null);
    expect(await deleteUser(rig.db, rig.ann.user_id)).not.toBe("done");
  });

  test("a check carries the identity of an encrypted backup where that is kept here, and none in its job", async () => {
    for (const kept of [true, false]) {
      const key = await createKey(gateway, rig.ann, { name: `kept ${kept}`, ...(kept ? { generate: true } : { recipient: generateAgeKey().recipient }) });
      const database = await rig.database("postgresql");
      await updateDatabase(rig.db, database.id, { encryption_key_id: key.id });
      const backup = await rig.completedBackup(gateway, executor, database);
      await order(backup.id);
      const run = await executor.take();
      const { identities_sealed } = run.command as CheckCommand;
      if (kept) expect(rig.core.secrets.forGroup("default").open(identities_sealed ?? "", IDENTITY_CONTEXT)).toMatch(/^AGE-SECRET-KEY-1/);
      else expect(identities_sealed).toBeNull();
      expect(await rig.db.selectFrom("jobs").select("id").where("identities_sealed", "is not", null).execute()).toEqual([]);
      await run.found("good", null);
    }
  });

  test("executors get one at a time, however many wait, and backups in between", async () => {
    const database = await rig.database("mysql");
    const [one, two] = await addPast(rig.db, database, nightly(2, new Date()));
    await order(one!);
    await order(two!);
    const first = await executor.take();
    const backup = await createBackup(gateway, rig.ann, { database_id: database.id });
    const between = await executor.take();
    expect([first.command.kind, between.command]).toMatchObject(["check", { kind: "backup", backup_id: backup.id }]);
    await between.complete();
    await rig.backupIs(backup.id, "completed");
    expect(executor.waiting).toEqual([]);
    await first.found("good", null);
    const next = await executor.take();
    expect(next.command).toMatchObject({ kind: "check", source: { backup_id: two } });
    await next.found("good", null);
  });

  const share = (database: Database, days: number, ages: readonly number[]) => {
    const now = new Date();
    const past = ages.map((age) => ({ at: new Date(now.getTime() - age * 86_400_000).toISOString() }));
    return { core: { ...gateway, config: { ...gateway.config, check_every_days: days }, now: () => now }, add: () => addPast(rig.db, database, past) };
  };

  test("the day's share: the longest unseen first, none twice, by the scheduler's name; 0 days is never", async () => {
    const database = await rig.database("mysql");
    const { core, add } = share(database, 30, [31, 60, 29, 1, 0]);
    const ids = await add();
    await addPast(rig.db, database, [{ at: "2020-01-01T00:00:00.000Z", deleted_at: "2020-01-02T00:00:00.000Z" }, { at: "2020-01-01T00:00:00.000Z", status: "failed" }]);
    await queueChecks({ ...core, config: { ...core.config, check_every_days: 0 } }, gateway.dispatcher);
    expect(await list()).toEqual([]);
    await queueChecks(core, gateway.dispatcher);
    await queueChecks(core, gateway.dispatcher);
    const ordered = await list();
    expect(ordered.map(({ backup_id, trigger }) => `${trigger} ${backup_id}`).sort()).toEqual([`scheduled ${ids[0]}`, `scheduled ${ids[1]}`]);
    const { rows } = await pageOfAudit(rig.db, { action: "check.create" }, { limit: 10, offset: 0 });
    expect(rows.map(({ actor, user_id }) => [actor, user_id])).toEqual([["scheduler", rig.ann.user_id], ["scheduler", rig.ann.user_id]]);
    for (const _ of ordered) await (await executor.take()).found("good", null);
    await until("both to be over", async () => (await list({ status: "completed" })).length === 2);
    await queueChecks(core, gateway.dispatcher);
    expect(await list()).toHaveLength(2);
  });

  test("a check of an hour ago counts as seen, one that failed does not", async () => {
    const database = await rig.database("mysql");
    const { core, add } = share(database, 30, [40, 50]);
    const ids = await add();
    await checked(ids[0]!, "good");
    const failing = await order(ids[1]!);
    await (await executor.take()).fail("storage_failed", "no");
    await is(failing.id, "failed");
    await queueChecks(core, gateway.dispatcher);
    expect((await list({ status: "pending" })).map(({ backup_id }) => backup_id)).toEqual([ids[1]]);
    await (await executor.take()).found("good", null);
  });
});
