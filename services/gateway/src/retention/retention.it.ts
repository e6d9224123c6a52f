import type { RetentionPolicy } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteBackup } from "../backups/delete.ts";
import { pinBackup } from "../backups/pin.ts";
import { lockBackup, setPinned } from "../catalog/backups.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import type { Database } from "../catalog/schema.ts";
import { deleteDatabase } from "../databases/delete.ts";
import { updateDatabase } from "../databases/update.ts";
import { cancelJob } from "../jobs/cancel.ts";
import type { Core, Deps } from "../jobs/deps.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { createRestore } from "../restores/create.ts";
import { addPast, nightly, type Past } from "./history-fixture.ts";
import { previewRetention } from "./preview.ts";
import { runRetention } from "./run.ts";

/** So late that no job of these tests is due yet. */
const NOW = new Date("2054-11-20T12:00:00.000Z");

describe.each(["sqlite", "postgresql"] as const)("retention on %s", (dialect) => {
  let rig: Rig, gateway: Deps;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = { ...rig.gateway(), now: () => NOW };
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const run = (core: Core = gateway) => runRetention(core, gateway.dispatcher);
  const retain = (database: Database, retention: RetentionPolicy | null) => updateDatabase(gateway, rig.ann, { id: database.id, retention });
  /** A database of Ann's with a policy and a history. */
  const shop = async (retention: RetentionPolicy | null, past: readonly Past[]) => {
    const database = await rig.database("mariadb");
    if (retention !== null) await retain(database, retention);
    return { database, ids: await addPast(rig.db, database, past) };
  };
  const left = async (database: Database): Promise<number[]> =>
    (await rig.db.selectFrom("backups").select("id").where("database_id", "=", database.id).where("deleted_at", "is", null).orderBy("id").execute()).map(({ id }) => id);
  const entries = () => rig.db.selectFrom("audit").selectAll().where("action", "=", "backup.expire").orderBy("object_id").execute();
  const deletes = () => rig.db.selectFrom("jobs").selectAll().where("kind", "=", "delete").execute();
  const schedule = (database: Database, retention: RetentionPolicy | null, timezone = "UTC") => insertSchedule(rig.db, {
    user_id: database.user_id, database_id: database.id, name: "nightly", cron: "0 3 * * *", timezone, enabled: 1, format: null, compression: null,
    retention: retention === null ? null : JSON.stringify(retention), effective_from: NOW.toISOString(), created_at: NOW.toISOString(), updated_at: NOW.toISOString(),
  });

  test("what is not kept goes: hidden at once, then its artifact; on record, told once, counted", async () => {
    const executor = rig.executor();
    const today = new Date();
    const { database, ids } = await shop({ keep_last: 2 }, nightly(5, today));
    await run({ ...gateway, now: () => today });
    expect(await left(database)).toEqual(ids.slice(3));
    const gone = ids.slice(0, 3);
    const runs = [await executor.take(), await executor.take(), await executor.take()];
    expect(new Set(runs.map(({ command }) => command.kind === "delete" && command.backup_id))).toEqual(new Set(gone));
    for (const one of runs) await one.complete();
    await until("the artifacts to be gone", async () =>
      (await rig.db.selectFrom("backups").select("id").where("purged_at", "is not", null).execute()).length === 3);
    expect((await entries()).map((entry) => ({ ...entry, detail: JSON.parse(entry.detail ?? "") as unknown }))).toMatchObject(gone.map((object_id) => ({
      object_id, object_type: "backup", actor: "retention", user_id: rig.ann.user_id, ip: null, outcome: "ok", at: today.toISOString(),
      detail: { database_id: database.id, schedule_id: null, filename: "shop.sql.zst", reason: "not one of the last 2", policy: { keep_last: 2 } },
    })));
    const notices = () => rig.told.notices.filter(({ kind }) => kind === "backup_expired");
    await until("the notice", () => notices().length > 0);
    expect(notices()).toMatchObject([{
      severity: "info", count: 3, size_bytes: 3_000_000, backup_id: null, user_id: rig.ann.user_id, user_email: rig.ann.email, database: { id: database.id, name: "My shop" },
    }]);
    await until("browsers to be told", () => gone.every((id) => rig.told.ui.some(({ event, data }) => event === "backup" && data["id"] === id && data["deleted"] === true)));
    expect(await rig.metrics.metrics()).toContain('safebase_backups_expired_total{engine="mariadb"} 3');
    await run({ ...gateway, now: () => today });
    expect([(await entries()).length, (await deletes()).length, notices().length]).toEqual([3, 3, 1]);
  });

  test("the backups of a schedule with a policy are under that one, all others under the database's", async () => {
    const database = await rig.database("mysql");
    await retain(database, { keep_last: 1 });
    const [strict, everything, none] = [await schedule(database, { keep_last: 2 }), await schedule(database, {}), await schedule(database, null)];
    const past = nightly(5, NOW);
    const of = (schedule_id: number | null, more: Partial<Past> = {}) => addPast(rig.db, database, past.map((one) => ({ ...one, schedule_id, ...more })));
    const byStrict = await of(strict.id), byEverything = await of(everything.id), byNone = await of(none.id);
    const byGone = await of(4_711), safety = await of(null, { trigger: "safety" }), byHand = await of(null);
    await run();
    const kept = new Set(await left(database));
    expect(byStrict.filter((id) => kept.has(id))).toEqual(byStrict.slice(3));
    expect(byEverything.every((id) => kept.has(id))).toBe(true);
    expect([...byNone, ...byGone, ...safety, ...byHand].filter((id) => kept.has(id))).toEqual([byHand.at(-1)]);
  });

  test("a schedule's days are those of its time zone", async () => {
    const database = await rig.database("postgresql");
    const { id } = await schedule(database, { daily: 9 }, "America/New_York");
    const [, early, evening] = await addPast(rig.db, database, [
      { at: "2026-11-01T03:59:00.000Z", schedule_id: id }, { at: "2026-11-01T04:00:00.000Z", schedule_id: id }, { at: "2026-11-02T04:59:00.000Z", schedule_id: id },
      { at: "2026-11-02T05:00:00.000Z", schedule_id: id },
    ]);
    await run();
    expect(await left(database)).toContain(evening);
    expect(await left(database)).not.toContain(early);
    expect(await left(database)).toHaveLength(3);
  });

  test("nothing goes without a policy, with an empty one, while unfinished or failed, or once the database is unregistered", async () => {
    const without = await shop(null, nightly(5, NOW));
    const empty = await shop({}, nightly(5, NOW));
    const open = await shop({ keep_last: 1 }, [...nightly(2, NOW, { status: "failed" }), ...nightly(2, NOW, { status: "running" }), ...nightly(1, NOW)]);
    const unregistered = await shop({ keep_last: 1 }, nightly(5, NOW));
    await deleteDatabase(gateway, rig.ann, { id: unregistered.database.id });
    await run();
    for (const { database, ids } of [without, empty, open, unregistered]) expect(await left(database)).toEqual(ids);
    expect(await entries()).toEqual([]);
  });

  test("the last completed, the last verified and pinned backups stay, however old", async () => {
    const past = nightly(9, new Date("2020-01-01T12:00:00.000Z"));
    const { database, ids } = await shop({ keep_days: 1 }, past.map((one, n) => ({
      ...one, ...(n === 1 || n === 3 ? { verified_at: one.at } : {}), ...(n === 5 ? { pinned: 1 } : {}),
    })));
    await run();
    expect(await left(database)).toEqual([ids[3], ids[5], ids[8]]);
    await pinBackup(gateway, rig.ann, { id: ids[5]!, pinned: false });
    await run();
    expect(await left(database)).toEqual([ids[3], ids[8]]);
  });

  test("what an open restore or verification needs stays until it is over", async () => {
    const { database, ids } = await shop({ keep_last: 1 }, nightly(5, NOW));
    const restore = await createRestore(gateway, rig.ann, { backup_id: ids[0]!, confirm: "copy", delay_s: 3600, target: { db_name: "copy" } });
    const at = NOW.toISOString();
    const verification = await rig.db.insertInto("verifications").values({
      user_id: database.user_id, backup_id: ids[1]!, target_database_id: database.id, scratch_db_name: "x", trigger: "manual", status: "pending", tables: null, rows: null,
      differences: null, warnings: null, error_code: null, error_msg: null, error_hint: null, created_at: at, started_at: null, finished_at: null, updated_at: at,
    }).returning("id").executeTakeFirstOrThrow();
    const other = await rig.database("mariadb");
    await rig.db.insertInto("restores").values({
      user_id: database.user_id, backup_id: ids[4]!, target_database_id: other.id, target_db_name: "shop", must_be_new: 0, safety_backup_id: ids[2]!, status: "running",
      replaced: null, warnings: null, error_code: null, error_msg: null, error_hint: null, created_at: at, started_at: at, finished_at: null, updated_at: at,
    }).execute();
    const { keep } = await previewRetention(gateway, rig.ann, { database_id: database.id });
    expect(keep.map(({ id, reasons }) => [id, reasons[0]])).toEqual([
      [ids[4], "last completed backup"], [ids[2], expect.stringMatching(/^needed by restore \d+$/)],
      [ids[1], `needed by verification ${verification.id}`], [ids[0], `needed by restore ${restore.id}`],
    ]);
    await run();
    expect(await left(database)).toEqual([ids[0], ids[1], ids[2], ids[4]]);
    await cancelJob(gateway, rig.ann, { id: restore.job_id });
    await rig.db.updateTable("verifications").set({ status: "completed" }).execute();
    await rig.db.updateTable("restores").set({ status: "completed" }).where("status", "=", "running").execute();
    await run();
    expect(await left(database)).toEqual([ids[4]]);
  });

  test("a pin that comes while retention waits for the backup is seen", async () => {
    const { database, ids } = await shop({ keep_last: 1 }, nightly(4, NOW));
    const [listed, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const pinning = rig.db.transaction().execute(async (tx) => {
      await lockBackup(tx, ids[1]!, "all");
      listed.resolve();
      await commit.promise;
      await setPinned(tx, ids[1]!, true, NOW.toISOString());
    });
    await listed.promise;
    const running = run();
    if (dialect === "postgresql") {
      await until("retention to wait", async () => (await sql`select 1 from pg_locks where not granted`.execute(rig.db)).rows.length > 0);
    }
    commit.resolve();
    await Promise.all([pinning, running]);
    expect(await left(database)).toEqual([ids[1], ids[3]]);
  });

  test("pins, restores and deletions at the same time as two retentions: whoever was answered yes has his backup", async () => {
    const { database, ids } = await shop({ keep_last: 1 }, nightly(40, NOW));
    const second = { ...rig.gateway(), now: () => NOW };
    const wanted = ids.slice(0, -1);
    const asks = wanted.map((id, n) => {
      if (n % 4 === 0) return pinBackup(gateway, rig.ann, { id, pinned: true });
      if (n % 4 === 1) return createRestore(gateway, rig.ann, { backup_id: id, confirm: `copy${id}`, delay_s: 3600, target: { db_name: `copy${id}` } });
      return n % 4 === 2 ? deleteBackup(gateway, rig.ann, { id }).then(() => "deleted" as const) : "untouched" as const;
    });
    const [first, again, ...answers] = await Promise.allSettled([run(), run(second), ...asks]);
    expect([first.status, again.status]).toEqual(["fulfilled", "fulfilled"]);
    const there = new Set(await left(database));
    for (const [n, answer] of answers.entries()) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "not_found" });
      const mine = answer.status === "fulfilled" && typeof answer.value === "object";
      expect(there.has(wanted[n]!), `backup ${n}: ${answer.status}`).toBe(mine);
    }
    expect(there.has(ids.at(-1)!)).toBe(true);
    // Each is removed once, by whomever.
    const jobs = await deletes();
    expect(new Set(jobs.map(({ backup_id }) => backup_id)).size).toBe(jobs.length);
    expect(jobs).toHaveLength(ids.length - there.size);
    const notices = await rig.db.selectFrom("notices").select("payload").where("kind", "=", "backup_expired").execute();
    expect(notices.reduce((sum, { payload }) => sum + (JSON.parse(payload) as { count: number }).count, 0)).toBe((await entries()).length);
  });

  test("a history of 1,000 backups shrinks to what was previewed, in bounded passes, oldest first", async () => {
    const { database, ids } = await shop({ daily: 7, weekly: 4, monthly: 12 }, nightly(1_000, NOW));
    const { keep, remove, freed_bytes, kept_bytes } = await previewRetention(gateway, rig.ann, { database_id: database.id });
    expect([keep.length, remove.length, freed_bytes, kept_bytes]).toEqual([20, 980, 980e6, 20e6]);
    const quiet = { kick: () => { /* no executor is to hear of it */ } } as Deps["dispatcher"];
    await runRetention(gateway, quiet);
    expect(await left(database)).toHaveLength(800);
    expect(await left(database)).not.toContain(ids[0]);
    for (let pass = 0; pass < 4; pass++) await runRetention(gateway, quiet);
    expect(await left(database)).toEqual(keep.map(({ id }) => id).toReversed());
    const counts = await rig.db.selectFrom("notices").select("payload").where("kind", "=", "backup_expired").execute();
    expect(counts.map(({ payload }) => (JSON.parse(payload) as { count: number }).count)).toEqual([200, 200, 200, 200, 180]);
  });

  test("a database whose policy cannot be read does not keep the others from their turn", async () => {
    const broken = await shop({ keep_last: 1 }, nightly(3, NOW));
    const sound = await shop({ keep_last: 1 }, nightly(3, NOW));
    await rig.db.updateTable("databases").set({ retention: '{"keep_last":0}' }).where("id", "=", broken.database.id).execute();
    await run();
    expect(await left(broken.database)).toEqual(broken.ids);
    expect(await left(sound.database)).toEqual(sound.ids.slice(2));
  });
});
