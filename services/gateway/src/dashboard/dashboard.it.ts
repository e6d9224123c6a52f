import { noticeOf, type EngineType } from "@safebase/contracts";
import { loadConfig } from "@safebase/runtime";
import { freshDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { insertDatabase } from "../catalog/databases.ts";
import { insertJob } from "../catalog/jobs.ts";
import { insertNotice } from "../catalog/notices.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import { openCatalog, type CatalogDialect, type OpenedCatalog } from "../catalog/open.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import type { Database, Role } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { putSetting } from "../catalog/settings.ts";
import { putStorageFailure, putStorageStatus } from "../catalog/storage-status.ts";
import type { Actor } from "../jobs/deps.ts";
import { addPast } from "../retention/history-fixture.ts";
import type { Attention } from "./attention.ts";
import { readDashboard } from "./read.ts";

const NOW = new Date("2026-06-15T12:00:00.000Z");
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const daysAgo = (days: number): string => hoursAgo(24 * days);

describe.each<CatalogDialect>(["sqlite", "postgresql"])("the dashboard on %s", (dialect) => {
  const stack = new AsyncDisposableStack();
  let catalog: OpenedCatalog, db: Db, ann: Actor, bob: Actor, admin: Actor;
  beforeAll(async () => {
    const server = dialect === "sqlite" ? undefined : stack.use(await freshDatabase(inject("postgres"), "dashboard"));
    catalog = stack.use(await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`));
    db = catalog.db;
    [admin, ann, bob] = [await addActor("admin@example.org", "admin"), await addActor("ann@example.org"), await addActor("bob@example.org")];
    await putSetting(db, "catalog_backup_stored_at", hoursAgo(5), hoursAgo(5));
  });
  afterAll(() => stack.disposeAsync());

  async function addActor(email: string, role: Role = "user"): Promise<Actor> {
    const { id } = await db.insertInto("users").values({ email, password_hash: "-", role, created_at: daysAgo(100) }).returning("id").executeTakeFirstOrThrow();
    return { user_id: id, email, role, scope: { user_id: id }, ip: null };
  }

  const read = (actor: Actor, time_zone = "UTC") => readDashboard({ db, now: () => NOW, config: loadConfig({}), progress: { of: () => null } }, actor, { time_zone });
  const everybodys = (actor: Actor): Actor => ({ ...actor, scope: "all" });
  const found = async (actor: Actor, about: Partial<Attention> = {}): Promise<Attention[]> => {
    const { attention } = await read(actor);
    return attention.items.filter((item) => Object.entries(about).every(([key, value]) => item[key as keyof Attention] === value));
  };

  /** A database that is as it should be, or whose objective stands otherwise. */
  async function addDatabase(name: string, owner: Actor, state: "met" | "missed" | "at_risk" | "none" = "met", type: EngineType = "mysql"): Promise<Database> {
    const at = daysAgo(60);
    const database = await insertDatabase(db, {
      user_id: owner.user_id, name, type, host: "h", port: 1, username: "u", password_sealed: "sealed", db_name: name, ssl_mode: "prefer", ssl_ca: null, executor_group: `group of ${name}`, created_at: at, updated_at: at, deleted_at: null,
    });
    await insertObjectives(db, database, at);
    await db.updateTable("objectives").set({ state, state_since: daysAgo(2) }).where("database_id", "=", database.id).where("kind", "=", "backup").execute();
    return database;
  }

  const failed = (hours: number) => ({ at: hoursAgo(hours), status: "failed", size_bytes: null, error_code: "dump_failed", error_msg: "no access" } as const);

  test("with nothing there is nothing to say", async () => {
    expect(await read(bob)).toMatchObject({
      verdict: { state: "nothing", databases: 0 }, attention: { items: [], total: 0 }, totals: { stored_bytes: 0, success_rate_30d: null }, running: { jobs: [], total: 0 }, next_runs: [], events: [],
    });
  });

  test("a database that is fine makes it safe; each that is not is named, its owner's alone", async () => {
    await addPast(db, await addDatabase("fine", ann), [{ at: hoursAgo(3) }]);
    expect((await read(ann)).verdict).toMatchObject({ state: "safe", databases: 1, met: 1 });
    const never = await addDatabase("never", ann, "none");
    const late = await addDatabase("late", ann, "missed");
    const newest = daysAgo(9);
    await addPast(db, late, [{ at: newest }]);
    await db.updateTable("objectives").set({ max_age_s: 86_400 }).where("database_id", "=", late.id).where("kind", "=", "backup").execute();
    await addPast(db, await addDatabase("soon", ann, "at_risk"), [{ at: hoursAgo(20) }]);
    await addPast(db, await addDatabase("unplanned", ann, "none"), [{ at: hoursAgo(20) }]);
    const { verdict, attention } = await read(ann);
    expect(verdict).toEqual({ state: "missed", databases: 5, met: 1, never: 1, missed: 1, at_risk: 1, unplanned: 1, critical: 2 });
    expect(attention.items.map(({ kind, database }) => `${kind} ${database?.name}`)).toEqual(["objective_missed late", "never_backed_up never", "objective_at_risk soon", "unplanned unplanned"]);
    expect(attention.items[0]).toMatchObject({ severity: "critical", since: daysAgo(2), newest_at: newest, limit_s: 86_400, owner: { id: ann.user_id, email: ann.email } });
    expect(attention.items[1]).toMatchObject({ database: { id: never.id, type: "mysql" }, since: daysAgo(60), newest_at: null });
    expect(await found(bob)).toEqual([]);
    expect(await found(admin)).toEqual([]);
    expect(await found(everybodys(admin))).toHaveLength(4);
  });

  test("a backup that failed is told until another ended; of a database only that", async () => {
    const database = await addDatabase("failing", bob, "missed");
    await addPast(db, database, [{ at: daysAgo(3) }, failed(9), { ...failed(2), error_msg: "no access at all" }]);
    expect(await found(bob)).toMatchObject([{ kind: "backup_failed", severity: "critical", database: { id: database.id }, error_code: "dump_failed", error_msg: "no access at all", newest_at: daysAgo(3) }]);
    await db.updateTable("objectives").set({ state: "met" }).where("database_id", "=", database.id).execute();
    expect((await read(bob)).verdict).toMatchObject({ state: "risk", met: 1, critical: 1 });
    await addPast(db, database, [{ at: hoursAgo(1) }]);
    expect((await read(bob)).verdict).toMatchObject({ state: "safe" });
  });

  test("restores, test restores and checks that failed, until they are done; what is damaged or lacks a copy", async () => {
    const database = await addDatabase("broken", bob);
    const [backup = 0, other = 0] = await addPast(db, database, [{ at: hoursAgo(9) }, { at: hoursAgo(8) }]);
    const common = { user_id: bob.user_id, backup_id: backup, status: "failed", error_code: "restore_failed", error_msg: "refused", error_hint: null, created_at: hoursAgo(2), started_at: hoursAgo(2), finished_at: hoursAgo(1), updated_at: hoursAgo(1) } as const;
    const restore = { ...common, target_database_id: database.id, target_db_name: "broken", must_be_new: 0, safety_backup_id: null, replaced: null, warnings: null };
    const { id: restore_id } = await db.insertInto("restores").values(restore).returning("id").executeTakeFirstOrThrow();
    const verification = { ...common, target_database_id: database.id, scratch_db_name: "s", trigger: "manual", tables: null, rows: null, differences: null, warnings: null } as const;
    await db.insertInto("verifications").values(verification).execute();
    const check = { ...common, trigger: "manual", result: null, copies: null } as const;
    await db.insertInto("checks").values(check).execute();
    await db.updateTable("copies").set({ state: "missing" }).where("backup_id", "=", backup).execute();
    await db.updateTable("backups").set({ integrity: "damaged", checked_at: hoursAgo(4) }).where("id", "=", other).execute();
    expect((await found(bob)).map(({ kind }) => kind)).toEqual(["verification_failed", "backups_damaged", "check_failed", "restore_failed", "copies_lost"]);
    expect(await found(bob, { kind: "restore_failed" })).toMatchObject([{ severity: "warning", restore_id, backup_id: backup, error_msg: "refused", database: { name: "broken" } }]);
    expect(await found(bob, { kind: "backups_damaged" })).toMatchObject([{ backup_id: other, count: 1, since: hoursAgo(4) }]);
    expect(await found(bob, { kind: "copies_lost" })).toMatchObject([{ storage: { name: "local" }, count: 1, backup_id: backup }]);
    expect((await found(ann)).filter(({ database: of }) => of?.id === database.id || of === null)).toEqual([]);
    for (const [table, row] of [["restores", restore], ["verifications", verification], ["checks", check]] as const) await db.insertInto(table).values({ ...row, status: "completed" } as never).execute();
    await db.updateTable("copies").set({ state: "good" }).where("backup_id", "=", backup).execute();
    await db.updateTable("backups").set({ deleted_at: hoursAgo(0) }).where("id", "=", other).execute();
    expect(await found(bob)).toEqual([]);
  });

  test("who has fallen silent, to those whom it stops; and what only admins can mend", async () => {
    const lost = (key: string) => ({ key, state: "lost", since: hoursAgo(1), last_seen_at: null, detail: null });
    await db.insertInto("watched").values([lost("executors:group of fine"), lost("executor:e1"), lost("scheduler"), lost("notifier")]).execute();
    const kinds = async (actor: Actor) => (await read(actor)).attention.items.filter(({ database }) => database === null).map(({ kind }) => kind).toSorted();
    expect(await kinds(ann)).toEqual(["executors_lost", "notifier_lost"]);
    expect(await kinds(bob)).toEqual(["notifier_lost"]);
    expect(await kinds(admin)).toEqual(["executor_lost", "executors_lost", "notifier_lost", "scheduler_lost"]);
    const times = { created_at: daysAgo(1), updated_at: daysAgo(1), effective_from: daysAgo(1) };
    const database = await addDatabase("planned", bob);
    await addPast(db, database, [{ at: hoursAgo(1) }]);
    const schedule = await insertSchedule(db, { user_id: bob.user_id, database_id: database.id, name: "noon", cron: "0 13 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, ...times });
    expect(await kinds(bob)).toEqual(["notifier_lost", "scheduler_lost"]);
    expect((await read(bob)).next_runs).toEqual([{ schedule_id: schedule.id, name: "noon", database_id: database.id, database_name: "planned", user_id: bob.user_id, at: "2026-06-15T13:00:00.000Z" }]);
    await putSetting(db, "schedules_paused", "true", hoursAgo(1));
    await putSetting(db, "catalog_backup_stored_at", daysAgo(3), daysAgo(3));
    expect(await kinds(bob)).toEqual(["notifier_lost", "scheduler_lost", "schedules_paused"]);
    expect((await read(bob)).next_runs).toEqual([]);
    expect(await found(admin, { kind: "catalog_backup_overdue" })).toMatchObject([{ severity: "critical", newest_at: daysAgo(3) }]);
    await db.deleteFrom("watched").execute();
  });

  test("storages that are full or away, to those who may store there; why only to their owners", async () => {
    const times = { created_at: daysAgo(9), updated_at: daysAgo(9) };
    await db.insertInto("storages").values({ user_id: ann.user_id, name: "cellar", type: "s3", target: "t", config_sealed: "x", ...times }).execute();
    const key = (storage: string) => ({ storage, executor_group: "default" });
    await putStorageStatus(db, key("local"), { used_bytes: 7, free_bytes: 8, total_bytes: 100 }, hoursAgo(1));
    await putStorageFailure(db, key("cellar"), { code: "storage_failed", message: "no answer" }, hoursAgo(1));
    expect(await found(ann, { kind: "storage_unreachable" })).toMatchObject([{ severity: "critical", storage: { name: "cellar" }, error_code: "storage_failed", error_msg: "no answer" }]);
    expect(await found(bob, { kind: "storage_unreachable" })).toEqual([]);
    expect(await found(bob, { kind: "storage_full" })).toMatchObject([{ severity: "warning", used_percent: 92, storage: { name: "local" } }]);
    await putStorageStatus(db, key("local"), { used_bytes: 7, free_bytes: 1, total_bytes: 100 }, hoursAgo(1));
    expect(await found(bob, { kind: "storage_full" })).toMatchObject([{ severity: "critical", used_percent: 99 }]);
    await db.deleteFrom("storage_status").execute();
  });

  test("alerts that were given up, until their channel works again; and the newest events", async () => {
    const channel = await db.insertInto("channels").values({
      user_id: ann.user_id, name: "ops", type: "webhook", config_sealed: "-", target: "-", events: "[]", database_ids: null, language: "en", group_s: 0, source: "api", created_at: daysAgo(9), updated_at: daysAgo(9),
    }).returning("id").executeTakeFirstOrThrow();
    const notify = async (id: string, status: "dead" | "delivered", hours: number) => {
      await insertNotice(db, noticeOf("backup_failed", id, hoursAgo(hours), { user_id: ann.user_id }));
      await db.insertInto("notifications").values({
        notice_id: id, channel_id: channel.id, channel_name: "ops", channel_type: "webhook", user_id: ann.user_id, status, group_id: null, group_size: null, answer: null, error: "HTTP 500",
        created_at: hoursAgo(hours), published_at: null, last_tried_at: hoursAgo(hours), next_try_at: null, finished_at: hoursAgo(hours),
      }).execute();
    };
    for (const hours of [9, 8]) await notify(`n${hours}`, "dead", hours);
    expect(await found(ann, { kind: "alerts_undelivered" })).toMatchObject([{ channel: { id: channel.id, name: "ops" }, count: 2, since: hoursAgo(8), error_msg: "HTTP 500" }]);
    expect(await found(bob, { kind: "alerts_undelivered" })).toEqual([]);
    await notify("n1", "delivered", 1);
    expect(await found(ann, { kind: "alerts_undelivered" })).toEqual([]);
    expect((await read(ann)).events.map(({ id }) => id)).toEqual(["n1", "n8", "n9"]);
    expect((await read(bob)).events).toEqual([]);
  });

  test("totals, days of the viewer's time zone, what was stored; what has gone since counts on its days", async () => {
    const cid = await addActor("cid@example.org");
    const database = await addDatabase("figures", cid);
    const gone = { deleted_at: daysAgo(4), purged_at: daysAgo(4) };
    await addPast(db, database, [{ at: daysAgo(40) }, { at: daysAgo(20), ...gone }, { ...failed(0.5) }, { at: "2026-06-15T00:30:00.000Z", size_bytes: 500_000 }, { at: hoursAgo(1), deleted_at: hoursAgo(0.5) }]);
    const { totals, days, usage } = await read(cid, "America/New_York");
    expect(totals).toEqual({ by_status: { pending: 0, running: 0, completed: 2, failed: 1, canceled: 0 }, stored_bytes: 2_500_000, success_rate_30d: 0.75 });
    expect(days).toHaveLength(365);
    expect(days.slice(-2)).toEqual([
      { date: "2026-06-14", since: "2026-06-14T04:00:00.000Z", until: "2026-06-15T04:00:00.000Z", completed: 1, failed: 0 }, { date: "2026-06-15", since: "2026-06-15T04:00:00.000Z", until: "2026-06-16T04:00:00.000Z", completed: 1, failed: 1 },
    ]);
    expect(usage).toHaveLength(90);
    const at = (ago: number) => usage.at(-1 - ago)?.bytes;
    expect([at(60), at(30), at(10), at(3), at(1), at(0)]).toEqual([0, 1_000_000, 2_000_000, 1_000_000, 1_500_000, 2_500_000]);
  });

  test("all work that is not over, with what it is about, its owner's alone", async () => {
    const dan = await addActor("dan@example.org");
    const database = await addDatabase("busy", dan);
    const [backup_id = 0] = await addPast(db, database, [{ at: hoursAgo(9) }]);
    const job = { user_id: dan.user_id, executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before: hoursAgo(1), created_at: hoursAgo(1) };
    await insertJob(db, { ...job, kind: "delete", backup_id });
    const { id: check_id } = await db.insertInto("checks").values({
      user_id: dan.user_id, backup_id, trigger: "manual", status: "running", result: null, copies: null, error_code: null, error_msg: null, error_hint: null, created_at: hoursAgo(1), started_at: null, finished_at: null, updated_at: hoursAgo(1),
    }).returning("id").executeTakeFirstOrThrow();
    const check = await insertJob(db, { ...job, kind: "check", check_id });
    await db.updateTable("jobs").set({ status: "running" }).where("id", "=", check.id).execute();
    const about = { backup_id, database: { id: database.id, name: "busy", type: "mysql" }, owner: { id: dan.user_id, email: dan.email } };
    expect((await read(dan)).running).toMatchObject({ total: 2, jobs: [{ kind: "check", status: "running", check_id, ...about }, { kind: "delete", status: "pending", ...about }] });
    expect((await read(bob)).running.total).toBe(0);
    expect((await read(everybodys(admin))).running.total).toBe(2);
  });
});
