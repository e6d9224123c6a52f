import { BUCKETS, CLASSIC_RETENTION, STREAMS, subjects, type Due } from "@safebase/contracts";
import { readBucket, unsettled } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listBackups } from "../backups/list.ts";
import { pageOfAudit } from "../catalog/audit.ts";
import type { Database } from "../catalog/schema.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { updateSettings } from "../settings/update.ts";
import { createSchedule } from "./create.ts";
import { deleteSchedule } from "./delete.ts";
import { getSchedule, getScheduleWithRuns } from "./get.ts";
import { listSchedules } from "./list.ts";
import { updateSchedule } from "./update.ts";

describe.each(["sqlite", "postgresql"] as const)("schedules on %s", (dialect) => {
  let rig: Rig, gateway: Deps, executor: Executor, database: Database;
  beforeEach(async () => {
    rig = await startRig(dialect);
    gateway = rig.gateway();
    executor = rig.executor();
    database = await rig.database("mariadb");
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const create = () => createSchedule(gateway, rig.ann, { database_id: database.id, cron: " 0  3 * * * ", timezone: "Europe/Paris", compression: "gzip" });
  const due = (schedule_id: number, planned_at: string, trigger: Due["trigger"] = "scheduled") => rig.core.bus.publish(
    subjects.due(schedule_id), { schedule_id, planned_at, emitted_at: new Date().toISOString(), trigger } satisfies Due, { signal: AbortSignal.timeout(10_000) });
  const allTaken = () => until("all due events to be applied", async () => await unsettled(rig.core.bus, STREAMS.events, "gateway-due") === 0);
  const backups = async () => (await listBackups(gateway, rig.ann, { page: 1, per_page: 50 })).backups;
  const bucket = async () => {
    const { writes } = await readBucket(rig.core.bus, BUCKETS.schedules);
    return Object.fromEntries(writes.flatMap(({ key, text }) => (text === null ? [] : [[key, JSON.parse(text) as unknown]])));
  };
  const bucketIs = (wanted: object) => until(`the bucket to hold ${JSON.stringify(wanted)}`, async () => JSON.stringify(await bucket()) === JSON.stringify(wanted));
  const effectiveFrom = async (id: number) => (await rig.db.selectFrom("schedules").select("effective_from").where("id", "=", id).executeTakeFirstOrThrow()).effective_from;
  const entryOf = async (schedule_id: number, plan: { cron: string; timezone: string }) => ({ schedule_id, ...plan, jitter_s: 0, since: await effectiveFrom(schedule_id) });
  const audited = async (action: string) => (await pageOfAudit(rig.db, { action }, { limit: 9, offset: 0 })).rows;
  const admin = (): Actor => ({ ...rig.bob, role: "admin" });

  test("a time that is due twice makes one backup, whatever way it is written", async () => {
    const { id } = await create();
    await due(id, "2030-03-04T02:00:00Z");
    await due(id, "2030-03-04T02:00:00.000Z");
    const run = await executor.take();
    expect(run.command).toMatchObject({ kind: "backup", trigger: "scheduled", compression: "gzip", format: "sql" });
    await run.complete();
    await until("it to be completed", async () => (await backups())[0]?.status === "completed");
    await due(id, "2030-03-04T02:00:00Z");
    await due(id, "2030-03-05T02:00:00Z", "catch_up");
    const next = await executor.take();
    expect(next.command).toMatchObject({ trigger: "catch_up", jobs: "auto", globals: false });
    await next.complete();
    await until("both", async () => (await backups()).length === 2);
    expect((await backups()).map(({ planned_at }) => planned_at)).toEqual(["2030-03-05T02:00:00.000Z", "2030-03-04T02:00:00.000Z"]);
    expect((await audited("backup.create")).map(({ actor }) => actor)).toEqual(["scheduler", "scheduler"]);
  });

  test("in how many parts its backups are dumped, and whether with the server's roles, is its own", async () => {
    const { id } = await create();
    for (const asked of [{ jobs: 3 }, { globals: true }]) await expect(updateSchedule(gateway, rig.ann, { id, ...asked })).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^(jobs|globals): only PostgreSQL/) });
    database = await rig.database("postgresql");
    const asked = { jobs: 3, globals: true } as const;
    const made = await create();
    expect(await updateSchedule(gateway, rig.ann, { id: made.id, ...asked })).toMatchObject({ format: null, ...asked });
    await expect(updateSchedule(gateway, rig.ann, { id: made.id, format: "sql" })).rejects.toMatchObject({ code: "bad_request" });
    await due(made.id, "2030-03-05T02:00:00Z");
    expect((await executor.take()).command).toMatchObject({ trigger: "scheduled", ...asked });
  });

  test("how it has run, and that a time made no backup, is listed page by page, and to its owner alone", async () => {
    const [{ id }, { id: database_id }] = [await create(), database];
    database = await rig.database("postgresql");
    await rig.db.updateTable("databases").set({ name: "50%_off \\ Lager" }).where("id", "=", database.id).execute();
    const other = await create();
    const seen = async (at: string, filter: Partial<Parameters<typeof listSchedules>[2]> = {}) => listSchedules({ db: rig.db, now: () => new Date(at) }, rig.ann, { page: 1, per_page: 50, ...filter });
    const missed = async (at: string) => (await seen(at)).schedules.map((one) => [one.id, one.missed_at]);
    await due(id, "2030-03-04T02:00:00Z", "catch_up");
    const run = await executor.take();
    await until("it to be running", async () => (await seen("2030-03-05T12:00:00Z")).schedules.some(({ last_runs }) => last_runs[0]?.status === "pending"));
    expect(await missed("2030-03-05T12:00:00Z")).toEqual([[other.id, "2030-03-05T02:00:00.000Z"], [id, null]]); // while it runs, the next one waits
    await run.complete();
    await until("it to be completed", async () => (await backups())[0]?.status === "completed");
    expect((await seen("2030-03-04T12:00:00Z", { database_id })).schedules).toMatchObject([{ id, missed_at: null, last_runs: [{ status: "completed", trigger: "catch_up", planned_at: "2030-03-04T02:00:00.000Z", error_code: null }] }]);
    expect(await missed("2030-03-05T02:01:00Z")).toEqual([[other.id, "2030-03-04T02:00:00.000Z"], [id, null]]); // it may be on its way still
    expect(await missed("2030-03-05T02:03:00Z")).toEqual([[other.id, "2030-03-05T02:00:00.000Z"], [id, "2030-03-05T02:00:00.000Z"]]);
    await updateSchedule(gateway, rig.ann, { id, enabled: false });
    const found = async (filter: Partial<Parameters<typeof listSchedules>[2]>) => (await seen("2030-03-05T02:03:00Z", filter)).schedules.map((one) => one.id);
    expect([await found({ enabled: true }), await found({ enabled: false }), await found({ search: "LAGER" }), await found({ search: "%_o" }), await found({ search: "\\" }), await found({ search: "x%" })]).toEqual([[other.id], [id], [other.id], [other.id], [other.id], []]);
    expect(await seen("2030-03-05T02:03:00Z", { page: 2, per_page: 1 })).toMatchObject({ schedules: [{ id, missed_at: null }], pagination: { total: 2, pages: 2 } });
    await expect(getScheduleWithRuns(gateway, rig.bob, { id })).rejects.toMatchObject({ code: "not_found" });
    expect((await listSchedules(gateway, rig.bob, { page: 1, per_page: 50 })).pagination.total).toBe(0);
  });

  test("many that are due together are applied together, each once, and what is nonsense among them holds up no other", async () => {
    rig.gateway(); // a second one, for the same events
    const schedules = [];
    for (let count = 0; count < 120; count++) schedules.push(await createSchedule(gateway, rig.ann, { database_id: (await rig.database("mariadb")).id, cron: "0 3 * * *" }));
    await rig.core.bus.publish(subjects.due(1), { nonsense: true }, { signal: AbortSignal.timeout(10_000) });
    await Promise.all([...schedules, ...schedules].map(({ id }) => due(id, "2030-03-04T02:00:00Z")));
    await allTaken();
    const made = await rig.db.selectFrom("backups").select("schedule_id").execute();
    expect(made).toHaveLength(schedules.length);
    expect(new Set(made.map(({ schedule_id }) => schedule_id))).toEqual(new Set(schedules.map(({ id }) => id)));
  });

  test("while one backup is not over the next time is skipped, and people are told", async () => {
    const { id } = await create();
    await due(id, "2030-03-04T02:00:00Z");
    const run = await executor.take();
    await run.start();
    const [running] = await backups();
    await rig.backupIs(running!.id, "running");
    await due(id, "2030-03-04T03:00:00Z");
    await until("the notice", () => rig.told.notices.length === 1);
    expect(rig.told.notices).toMatchObject([{
      kind: "backup_skipped", severity: "warning", user_email: "ann@example.org", database: { id: database.id, name: "My shop" }, backup_id: running!.id, trigger: "scheduled",
      error: { code: "conflict", message: `backup ${running!.id} of the same schedule was still running when that of 2030-03-04T03:00:00.000Z was due` },
    }]);
    expect(await audited("schedule.skip")).toMatchObject([{ object_id: id, outcome: "refused", detail: expect.stringContaining("2030-03-04T03:00:00.000Z") }]);
    expect(await backups()).toHaveLength(1);
  });

  test("the scheduler's bucket follows every change, and NATS's loss", async () => {
    const schedule = await create();
    const key = `schedule.${schedule.id}`;
    expect(schedule).toMatchObject({ cron: "0 3 * * *", enabled: true, next_run_at: expect.any(String), name: "My shop", retention: CLASSIC_RETENTION, storages: null, effective_storages: ["local"], jitter_s: 0 });
    await bucketIs({ [key]: await entryOf(schedule.id, { cron: "0 3 * * *", timezone: "Europe/Paris" }) });
    await updateSchedule(gateway, rig.ann, { id: schedule.id, cron: "30 4 * * MON-FRI", timezone: "UTC" });
    const changed = { [key]: await entryOf(schedule.id, { cron: "30 4 * * MON-FRI", timezone: "UTC" }) };
    await bucketIs(changed);
    await rig.nats.wipe();
    await bucketIs(changed);
    await updateSchedule(gateway, rig.ann, { id: schedule.id, enabled: false });
    await bucketIs({});
    await due(schedule.id, "2030-03-04T02:00:00Z"); // disabled: ignored
    await allTaken();
    await updateSchedule(gateway, rig.ann, { id: schedule.id, enabled: true });
    await bucketIs({ [key]: await entryOf(schedule.id, { cron: "30 4 * * MON-FRI", timezone: "UTC" }) });
    await deleteSchedule(gateway, rig.ann, schedule);
    await bucketIs({});
    expect(await backups()).toEqual([]);
  });

  test("two gateways keep the bucket right together", async () => {
    const other = rig.gateway();
    const ids: number[] = [];
    for (let count = 0; count < 10; count++) ids.push((await createSchedule(count % 2 === 0 ? gateway : other, rig.ann, { database_id: database.id, cron: "0 3 * * *" })).id);
    await Promise.all(ids.map((id, index) => updateSchedule(index % 2 === 0 ? other : gateway, rig.ann, { id, cron: `${index} 4 * * *` })));
    await deleteSchedule(other, rig.ann, { id: ids.pop()! });
    const wanted = Object.fromEntries(await Promise.all(ids.map(async (id, index) => [`schedule.${id}`, await entryOf(id, { cron: `${index} 4 * * *`, timezone: "UTC" })] as const)));
    await until("the bucket to hold what the catalog does", async () => {
      const found = await bucket();
      expect(found).toEqual(wanted);
      return true;
    });
  });

  test("what was planned before a schedule was made, changed or resumed is old news", async () => {
    const { id } = await create();
    await due(id, new Date(Date.now() - 1_000).toISOString());
    await allTaken();
    const created = await effectiveFrom(id);
    await updateSchedule(gateway, rig.ann, { id, name: "renamed", retention: null, cron: "0  3 * * *", enabled: true });
    expect(await effectiveFrom(id)).toBe(created);
    for (const change of [{ cron: "0 4 * * *" }, { timezone: "UTC" }, { enabled: false }, { enabled: true }]) {
      const before = await effectiveFrom(id);
      await until("the clock to go on", () => new Date().toISOString() > before);
      await updateSchedule(gateway, rig.ann, { id, ...change });
      expect(await effectiveFrom(id) > before, JSON.stringify(change)).toBe(true);
    }
    expect(await backups()).toEqual([]);
  });

  test("a pause of all empties the bucket and stops what is due; the end of it catches up on nothing", async () => {
    const [on, off] = [await create(), await create()];
    await updateSchedule(gateway, rig.ann, { id: off.id, enabled: false });
    const before = { on: await effectiveFrom(on.id), off: await effectiveFrom(off.id) };
    expect(await updateSettings(gateway, admin(), { schedules_paused: true })).toMatchObject({ schedules_paused: true });
    await bucketIs({});
    await due(on.id, "2030-03-04T02:00:00Z");
    await allTaken();
    expect(await backups()).toEqual([]);
    expect(await getSchedule(gateway, rig.ann, on)).toMatchObject({ paused: true, enabled: true, next_run_at: null, next_runs: [] });
    expect(await effectiveFrom(on.id)).toBe(before.on);
    await updateSettings(gateway, admin(), { schedules_paused: false });
    await updateSettings(gateway, admin(), { schedules_paused: false }); // is so already
    expect(await getSchedule(gateway, rig.ann, on)).toMatchObject({ paused: false, next_run_at: expect.any(String) });
    expect(await effectiveFrom(on.id) > before.on).toBe(true);
    expect(await effectiveFrom(off.id)).toBe(before.off);
    await bucketIs({ [`schedule.${on.id}`]: await entryOf(on.id, { cron: "0 3 * * *", timezone: "Europe/Paris" }) });
    expect([await audited("schedules.pause"), await audited("schedules.resume")]).toMatchObject([[{ actor: "bob@example.org" }], [{ actor: "bob@example.org" }]]);
    await expect(updateSettings(gateway, rig.ann, { schedules_paused: true })).rejects.toMatchObject({ code: "forbidden" });
  });

  test("what makes no sense is refused by a sentence that names the field, when a schedule is made and when it is changed", async () => {
    const { id } = await create();
    const refused: [Record<string, unknown>, RegExp][] = [
      [{ cron: "every day" }, /^cron: not a cron expression/], [{ cron: "99 3 * * *" }, /^cron: not a/], [{ cron: "0 0 31 2 *" }, /^cron: this time never comes/],
      [{ cron: "* * * * * *" }, /^cron: not a/], [{ cron: "@reboot" }, /^cron: not a/], [{ cron: "" }, /^cron: not a/],
      [{ timezone: "Europe/Atlantis" }, /^timezone: unknown/], [{ timezone: "+02:00" }, /^timezone: unknown/], [{ format: "custom" }, /^format: /],
      [{ storages: ["local", "s3"] }, /^storages: unknown storage: s3$/],
      [{ cron: "0 3,4 * * *", jitter_s: 1801 }, /^jitter_s must be at most 1800, half the time between two runs, got 1801$/],
    ];
    for (const [wrong, message] of refused) {
      const refusal = { code: "bad_request", message: expect.stringMatching(message) };
      await expect(createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", ...wrong }), JSON.stringify(wrong)).rejects.toMatchObject(refusal);
      await expect(updateSchedule(gateway, rig.ann, { id, ...wrong }), JSON.stringify(wrong)).rejects.toMatchObject(refusal);
    }
  });

  test("a jitter that was right stays right when the times change", async () => {
    const { id } = await createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", jitter_s: 3_600 });
    await expect(updateSchedule(gateway, rig.ann, { id, cron: "*/15 * * * *" })).rejects.toMatchObject({ message: expect.stringMatching(/^jitter_s must be at most 450/) });
    expect(await updateSchedule(gateway, rig.ann, { id, cron: "*/15 * * * *", jitter_s: 450 })).toMatchObject({ jitter_s: 450, cron: "*/15 * * * *" });
  });

  test("backups are verified on a server of the same owner and type", async () => {
    const order = (verify_database_id: number) => createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", verify_every: 7, verify_database_id });
    await expect(order((await rig.database("mysql")).id)).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/^verify_database_id: a backup of mariadb cannot/) });
    const bobs = await rig.database("mariadb", rig.bob);
    await expect(order(bobs.id)).rejects.toMatchObject({ code: "not_found", message: `verify_database_id: database ${bobs.id} not found` });
    const own = await rig.database("mariadb");
    const schedule = await order(own.id);
    expect(schedule).toMatchObject({ verify_every: 7, verify_database_id: own.id });
    expect(await updateSchedule(gateway, rig.ann, { id: schedule.id, verify_every: null, verify_database_id: null })).toMatchObject({ verify_every: null, verify_database_id: null });
    await expect(updateSchedule(gateway, rig.ann, { id: schedule.id, verify_database_id: bobs.id })).rejects.toMatchObject({ code: "not_found" });
  });
});
