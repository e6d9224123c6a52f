import { noticeOf } from "@safebase/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertAudit, pageOfAudit } from "./audit.ts";
import { listBackups, type BackupFilter } from "./backup-list.ts";
import { anyBackup, finishBackup, findBackup, insertBackup, lockBackup, setStem, startBackup } from "./backups.ts";
import { findDatabase, insertDatabase, lockDatabase } from "./databases.ts";
import { insertCopies } from "./copies.ts";
import { deleteLog, LINES_KEPT, logJob, logPhase, readLog } from "./job-log.ts";
import { claimAgain, claimJob, findJob, finishJob, insertJob, markCancelRequested, markGivenUp, nextDueAt, startJob } from "./jobs.ts";
import { insertNotice } from "./notices.ts";
import { claimNotifications, insertNotification, pendingNotifications, unclaimNotifications } from "./notifications.ts";
import type { OpenedCatalog } from "./open.ts";
import { findRestore, insertRestore, openRestoreTo } from "./restores.ts";
import type { Backup, Database, Job, User } from "./schema.ts";
import type { Db, Scope } from "./scope.ts";
import { nextInLane } from "./turns.ts";
import { deleteSchedule, enabledSchedules, findSchedule, insertSchedule, updateSchedule } from "./schedules.ts";

const AT = "2026-01-02T03:04:05.678Z";
const LATER = "2026-01-02T04:00:00.000Z";

/** What every catalog must do, whatever holds it. `open` opens the same catalog each time. */
export function catalogContract(open: () => Promise<OpenedCatalog>): void {
  describe("the catalog's contract", () => {
    let catalog: OpenedCatalog, db: Db, ann: User, bob: User, database: Database;
    beforeAll(async () => {
      catalog = await open();
      db = catalog.db;
      ann = await addUser(db, "ann@example.org");
      bob = await addUser(db, "bob@example.org");
      database = await addDatabase(db, ann.id);
    });
    afterAll(() => catalog[Symbol.asyncDispose]());

    test("opened again it keeps what it has", async () => {
      await using again = await open();
      expect(await again.db.selectFrom("users").select("email").orderBy("id").execute()).toEqual([{ email: ann.email }, { email: bob.email }]);
    });

    test("an email exists once, in lower case", async () => {
      await expect(addUser(db, "ann@example.org")).rejects.toThrow(/unique/i);
      await expect(addUser(db, "Cid@example.org")).rejects.toThrow(/check|constraint/i);
    });

    test("what a row names must be there", async () => {
      await expect(addDatabase(db, 4_711)).rejects.toThrow(/foreign key/i);
    });

    test("a schedule's planned time has one backup; backups without schedule are not counted against each other", async () => {
      const planned = { schedule_id: 77, planned_at: AT };
      expect(await addBackup(db, database, planned)).toBeDefined();
      expect(await insertBackup(db, { ...orderOf(database), ...planned })).toBeUndefined();
      expect(await addBackup(db, database)).toBeDefined();
      expect(await addBackup(db, database)).toBeDefined();
    });

    test("sizes of many terabytes come back as the numbers they were", async () => {
      const { backup } = await addBackup(db, database);
      for (const size_bytes of [0, 2 ** 31, 12_345_678_901_234, Number.MAX_SAFE_INTEGER]) {
        await db.updateTable("backups").set({ size_bytes }).where("id", "=", backup.id).execute();
        expect((await findBackup(db, backup.id, "all"))?.size_bytes).toBe(size_bytes);
      }
    });

    test("a transaction that fails leaves nothing", async () => {
      const before = (await listBackups(db, "all", {}, { limit: 1, offset: 0 })).total;
      await expect(db.transaction().execute(async (tx) => {
        await addBackup(tx, database);
        throw new Error("stop");
      })).rejects.toThrow("stop");
      expect((await listBackups(db, "all", {}, { limit: 1, offset: 0 })).total).toBe(before);
    });

    test("transactions at the same time do not see each other's half", async () => {
      const { job } = await addBackup(db, database);
      const claims = await Promise.all(Array.from({ length: 8 }, () => db.transaction().execute(async (tx) => {
        await lockDatabase(tx, database.id, "all");
        return claimJob(tx, job.id, LATER);
      })));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    test("lists are newest first, in parts, with the number of all", async () => {
      const mine = await addDatabase(db, bob.id);
      const ids: number[] = [];
      for (let n = 0; n < 5; n++) ids.push((await addBackup(db, mine)).backup.id);
      const part = await listBackups(db, { user_id: bob.id }, { database_id: mine.id }, { limit: 2, offset: 2 });
      expect(part.total).toBe(5);
      expect(part.rows.map((row) => row.id)).toEqual([ids[2], ids[1]]);
      expect((await listBackups(db, "all", { database_id: mine.id, status: "failed" }, { limit: 9, offset: 0 })).total).toBe(0);
      expect((await listBackups(db, "all", { database_id: mine.id, type: "postgresql" }, { limit: 9, offset: 0 })).total).toBe(5);
    });

    test("lists are filtered by everything that is known of a backup, alike from both ends", async () => {
      const mine = await addDatabase(db, bob.id);
      await db.updateTable("databases").set({ name: "50%_Off" }).where("id", "=", mine.id).execute();
      const ids: number[] = [];
      for (let n = 0; n < 6; n++) ids.push((await addBackup(db, mine)).backup.id);
      const set = (n: number, values: Partial<Backup>) => db.updateTable("backups").set(values).where("id", "=", ids[n]!).execute();
      await set(0, { created_at: "2025-05-01T00:00:00.000Z", filename: "Old\\name.dump" });
      await set(1, { pinned: 1, trigger: "scheduled" });
      await set(2, { verified_at: AT, status: "failed", type: "mysql" });
      await set(3, { deleted_at: AT, pinned: 1 });
      await insertCopies(db, ids[4]!, ["local"], AT);
      await insertCopies(db, ids[5]!, ["local"], AT);
      await db.updateTable("copies").set({ deleted_at: AT }).where("backup_id", "=", ids[5]!).execute();
      const found = async (filter: BackupFilter, scope: Scope = { user_id: bob.id }) => {
        const { rows, total } = await listBackups(db, scope, { database_id: mine.id, ...filter }, { limit: 9, offset: 0 });
        expect(total).toBe(rows.length);
        return rows.map(({ id }) => ids.indexOf(id));
      };
      const cases: [BackupFilter, number[]][] = [
        [{}, [5, 4, 2, 1, 0]], [{ pinned: true }, [1]], [{ pinned: false, verified: false }, [5, 4, 0]], [{ verified: true }, [2]], [{ trigger: "scheduled" }, [1]],
        [{ status: "failed", type: "mysql" }, [2]], [{ until: AT }, [0]], [{ since: AT }, [5, 4, 2, 1]], [{ since: LATER }, []], [{ storage: "local" }, [4]],
        [{ search: "0%_oF" }, [5, 4, 2, 1, 0]], [{ search: "0_" }, []], [{ search: "OLD\\" }, [0]],
      ];
      for (const [filter, expected] of cases) {
        expect(await found(filter), JSON.stringify(filter)).toEqual(expected);
        expect(await found(filter, "all"), JSON.stringify(filter)).toEqual(expected);
        expect(await found(filter, { user_id: ann.id }), JSON.stringify(filter)).toEqual([]);
      }
      for (const offset of [0, 1, 2, 3, 4]) {
        const { rows } = await listBackups(db, { user_id: bob.id }, { database_id: mine.id }, { limit: 2, offset });
        expect(rows.map(({ id, database_name, user_email }) => [ids.indexOf(id), database_name, user_email])).toEqual([5, 4, 2, 1, 0].slice(offset, offset + 2).map((n) => [n, "50%_Off", bob.email]));
      }
    });

    test("a log keeps the newest lines of a backup, and each phase of a run once", async () => {
      const { backup, job } = await addBackup(db, database);
      await logJob(db, job, Array.from({ length: LINES_KEPT + 5 }, (_, n) => ({ event: "warning", at: AT, detail: { message: String(n) } })));
      await insertJob(db, { ...jobOf(database), kind: "delete", backup_id: backup.id });
      const lines = await readLog(db, { user_id: ann.id }, { backup_id: backup.id });
      expect(lines).toHaveLength(LINES_KEPT);
      expect([lines[0]?.detail, lines.at(-1)]).toMatchObject(['{"message":"6"}', { event: "ordered", kind: "delete" }]);
      for (const [run, bytes_in] of [[1, 5], [1, 7], [2, 1]] as const) await logPhase(db, job, { run, phase: "dump", at: AT, detail: { bytes_in } });
      const phases = (await readLog(db, "all", { job_id: job.id })).filter(({ event }) => event === "phase");
      expect(phases.map(({ run, detail }) => [run, detail])).toEqual([[1, '{"bytes_in":7}'], [2, '{"bytes_in":1}']]);
      expect(await readLog(db, { user_id: bob.id }, { backup_id: backup.id })).toEqual([]);
      await deleteLog(db, backup.id);
      expect(await readLog(db, "all", { backup_id: backup.id })).toEqual([]);
    });

    test("nobody finds what belongs to another", async () => {
      const { backup, job } = await addBackup(db, database);
      const restore = await addRestore(db, backup, database);
      const schedule = await addSchedule(db, database);
      const [hers, his] = [{ user_id: ann.id }, { user_id: bob.id }];
      const finders = [
        (scope: typeof hers) => findBackup(db, backup.id, scope), (scope: typeof hers) => lockBackup(db, backup.id, scope),
        (scope: typeof hers) => findJob(db, job.id, scope), (scope: typeof hers) => findRestore(db, restore.id, scope),
        (scope: typeof hers) => findSchedule(db, schedule.id, scope), (scope: typeof hers) => findDatabase(db, database.id, scope),
        (scope: typeof hers) => lockDatabase(db, database.id, scope),
        (scope: typeof hers) => updateSchedule(db, schedule.id, scope, { enabled: 0, updated_at: AT }),
      ];
      for (const find of finders) {
        expect(await find(his)).toBeUndefined();
        expect(await find(hers)).toBeDefined();
      }
      expect(await deleteSchedule(db, schedule.id, his)).toBeUndefined();
      expect(await deleteSchedule(db, schedule.id, hers)).toBeDefined();
    });

    test.each(["completed", "failed", "canceled"] as const)("%s is final", async (status) => {
      const { backup, job } = await addBackup(db, database);
      await startJob(db, job.id, { run_id: "r1", executor_id: "e", at: AT });
      await startBackup(db, backup.id, AT);
      await finishBackup(db, backup.id, { status, at: AT });
      expect((await finishJob(db, job.id, status, AT))?.status).toBe(status);
      for (const other of ["completed", "failed", "canceled"] as const) {
        expect(await finishJob(db, job.id, other, LATER)).toBeUndefined();
        await finishBackup(db, backup.id, { status: other, at: LATER, error_msg: "late" });
      }
      expect(await startJob(db, job.id, { run_id: "r2", executor_id: "e", at: LATER })).toBeUndefined();
      expect(await markCancelRequested(db, job.id, LATER)).toBeUndefined();
      await startBackup(db, backup.id, LATER);
      expect(await findJob(db, job.id, "all")).toMatchObject({ status, attempts: 1, run_id: "r1", finished_at: AT });
      expect(await anyBackup(db, backup.id)).toMatchObject({ status, finished_at: AT, error_msg: null });
    });

    test("a run is counted once, however often it is said to have begun", async () => {
      const { job } = await addBackup(db, database);
      for (const run_id of ["a", "a", "b", "b", "b"]) await startJob(db, job.id, { run_id, executor_id: "e", at: AT });
      expect(await findJob(db, job.id, "all")).toMatchObject({ status: "running", attempts: 2, run_id: "b", started_at: AT });
    });

    test("a lost job is published again by one gateway, and not once it has moved on", async () => {
      const { job } = await addBackup(db, database);
      await claimJob(db, job.id, AT);
      const listed = (await findJob(db, job.id, "all"))!;
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimAgain(db, listed, LATER)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      const again = (await findJob(db, job.id, "all"))!;
      await startJob(db, job.id, { run_id: "r1", executor_id: "e", at: LATER });
      expect(await claimAgain(db, again, "2026-01-02T05:00:00.000Z")).toBe(false);
      const running = (await findJob(db, job.id, "all"))!;
      await finishJob(db, job.id, "completed", LATER);
      expect(await claimAgain(db, running, "2026-01-02T05:00:00.000Z")).toBe(false);
    });

    test("a job is given up once, and never when it is over", async () => {
      const { job } = await addBackup(db, database);
      expect(await markGivenUp(db, job.id, 5)).toMatchObject({ gave_up_after: 5 });
      expect(await markGivenUp(db, job.id, 6)).toBeUndefined();
      const { job: other } = await addBackup(db, database);
      await finishJob(db, other.id, "failed", LATER);
      expect(await markGivenUp(db, other.id, 5)).toBeUndefined();
    });

    test("jobs are due when their time has come and what they wait for is completed", async () => {
      const mine = await addDatabase(db, (await addUser(db, "dan@example.org")).id);
      const lane = (now: string, urgent: number) => ({ group: "default", urgent, user_id: mine.user_id, now, after: undefined, busy: { kinds: [], dumps: [], verifications: [] } });
      const due = async (now: string): Promise<(number | undefined)[]> => [(await nextInLane(db, lane(now, 1)))?.id, (await nextInLane(db, lane(now, 0)))?.id];
      const { job: first } = await addBackup(db, mine, { not_before: LATER });
      const second = await insertJob(db, { ...jobOf(mine), kind: "restore", not_before: LATER, after_job_id: first.id });
      expect(await due(AT)).not.toContain(first.id);
      expect(await nextDueAt(db, AT)).toBe(LATER);
      expect(await due(LATER)).toContain(first.id);
      expect(await due(LATER)).not.toContain(second.id);
      await finishJob(db, first.id, "completed", LATER);
      expect(await due(LATER)).toContain(second.id);
      await markCancelRequested(db, second.id, LATER);
      expect(await due(LATER)).not.toContain(second.id);
      expect(await claimJob(db, second.id, LATER)).toBe(false);
    });

    test("a restore that is not over is found by the place that it writes to", async () => {
      const { backup } = await addBackup(db, database);
      const place = { host: database.host, port: database.port, db_name: "elsewhere" };
      expect(await openRestoreTo(db, place)).toBeUndefined();
      const restore = await addRestore(db, backup, database, "elsewhere");
      expect((await openRestoreTo(db, place))?.id).toBe(restore.id);
      expect(await openRestoreTo(db, { ...place, port: 1 })).toBeUndefined();
    });

    test("only enabled schedules run", async () => {
      const schedule = await addSchedule(db, database);
      const running = async (): Promise<boolean> => (await enabledSchedules(db)).some(({ id }) => id === schedule.id);
      expect(await running()).toBe(true);
      await updateSchedule(db, schedule.id, "all", { enabled: 0, updated_at: AT });
      expect(await running()).toBe(false);
    });

    test("notifications leave the outbox in order, each once; audit entries stay", async () => {
      const [channel] = await db.insertInto("channels").values({
        user_id: ann.id, name: "c", type: "webhook", config_sealed: "-", target: "-", events: "[]", database_ids: null, language: "en", group_s: 0,
        source: "api", created_at: AT, updated_at: AT,
      }).returningAll().execute();
      for (const id of ["b", "a"]) {
        const notice = noticeOf("backup_completed", id, AT, { user_id: ann.id });
        await insertNotice(db, notice);
        await insertNotification(db, notice, channel!);
        await insertNotification(db, notice, channel!);
      }
      const waiting = await pendingNotifications(db, 10);
      expect(waiting.map(({ payload }) => (JSON.parse(payload) as { id: string }).id)).toEqual(["b", "a"]);
      const [first, second] = waiting.map(({ id }) => id) as [number, number];
      expect(await claimNotifications(db, [first], LATER)).toEqual(new Set([first]));
      expect(await claimNotifications(db, [first, second], AT)).toEqual(new Set([second]));
      expect(await pendingNotifications(db, 10)).toEqual([]);
      await unclaimNotifications(db, [first, second], AT);
      expect((await pendingNotifications(db, 10)).map(({ id }) => id)).toEqual([second]);
      await insertAudit(db, { at: AT, user_id: ann.id, actor: ann.email, action: "x.y", object_type: null, object_id: null, ip: null, outcome: "ok", detail: null });
      expect((await pageOfAudit(db, { action: "x.y" }, { limit: 5, offset: 0 })).total).toBe(1);
    });
  });
}

async function addUser(db: Db, email: string): Promise<User> {
  return db.insertInto("users").values({ email, password_hash: "-", role: "user", created_at: AT }).returningAll().executeTakeFirstOrThrow();
}

async function addDatabase(db: Db, user_id: number): Promise<Database> {
  return insertDatabase(db, {
    user_id, name: "shop", type: "postgresql", host: "db.example.org", port: 5432, username: "u", password_sealed: null, db_name: "shop",
    ssl_mode: "prefer", ssl_ca: null, executor_group: "default", created_at: AT, updated_at: AT, deleted_at: null,
  });
}

const jobOf = (database: Database) => ({
  user_id: database.user_id, executor_group: "default", time_limit_s: 60, stall_limit_s: 0.5, not_before: AT, created_at: AT,
});

const orderOf = (database: Database) => ({
  user_id: database.user_id, database_id: database.id, schedule_id: null, planned_at: null, trigger: "manual", type: database.type,
  format: "custom", compression: "zstd", created_at: AT,
} as const);

async function addBackup(
  db: Db, database: Database, more: { schedule_id?: number; planned_at?: string; not_before?: string } = {},
): Promise<{ backup: Backup; job: Job }> {
  const { not_before = AT, ...planned } = more;
  const backup = await insertBackup(db, { ...orderOf(database), ...planned });
  if (backup === undefined) throw new Error("there is one already");
  await setStem(db, backup.id, `postgresql/shop_${backup.id}`);
  return { backup, job: await insertJob(db, { ...jobOf(database), kind: "backup", backup_id: backup.id, not_before }) };
}

async function addRestore(db: Db, backup: Backup, database: Database, name = database.db_name) {
  const restore = await insertRestore(db, {
    user_id: database.user_id, backup_id: backup.id, target_database_id: database.id, target_db_name: name, must_be_new: 0, safety_backup_id: null, created_at: AT,
  });
  await insertJob(db, { ...jobOf(database), kind: "restore", restore_id: restore.id, not_before: "2099-01-01T00:00:00.000Z" });
  return restore;
}

async function addSchedule(db: Db, database: Database) {
  return insertSchedule(db, {
    user_id: database.user_id, database_id: database.id, name: "nightly", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null,
    compression: null, effective_from: AT, created_at: AT, updated_at: AT,
  });
}
