import { pause } from "@safebase/runtime";
import { freshDatabase, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { insertBackup } from "./backups.ts";
import { insertDatabase } from "./databases.ts";
import { claimJob, finishJob, insertJob, markCancelRequested, startJob, type JobInput } from "./jobs.ts";
import { openCatalog, type OpenedCatalog } from "./open.ts";
import type { Database, Job } from "./schema.ts";
import type { Db } from "./scope.ts";
import { dumpsOut, groupsWaiting, jobsOut, lockServer, nextInLane, usersWaiting, type Busy } from "./turns.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();
const NOW = at(30);
const NONE: Busy = { kinds: [], dumps: [], verifications: [] };

describe.each(["sqlite", "postgresql"] as const)("turns on %s", (dialect) => {
  let server: TestDatabase | undefined, catalog: OpenedCatalog, db: Db;
  beforeAll(async () => {
    if (dialect === "postgresql") server = await freshDatabase(inject("postgres"), "turns");
    catalog = await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`);
    db = catalog.db;
  });
  afterAll(async () => { await catalog[Symbol.asyncDispose](); await server?.[Symbol.asyncDispose](); });

  const addUser = async (email: string): Promise<number> =>
    (await db.insertInto("users").values({ email, password_hash: "-", role: "user", created_at: at(0) }).returning("id").executeTakeFirstOrThrow()).id;
  const addDatabase = (user_id: number, port = 5432): Promise<Database> => insertDatabase(db, {
    user_id, name: "d", type: "postgresql", host: "h", port, username: "u", password_sealed: null, db_name: "d", ssl_mode: "prefer", ssl_ca: null,
    executor_group: "default", created_at: at(0), updated_at: at(0), deleted_at: null,
  });
  const addJob = (user_id: number, kind: Job["kind"], not_before: string, more: Partial<JobInput> = {}): Promise<Job> =>
    insertJob(db, { user_id, kind, executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before, created_at: not_before, ...more });
  const addBackup = async (database: Database, not_before: string, group = "default"): Promise<Job> => {
    const backup = await insertBackup(db, {
      user_id: database.user_id, database_id: database.id, schedule_id: null, planned_at: null, trigger: "manual", type: "postgresql", format: "custom", compression: "zstd", created_at: not_before,
    });
    return addJob(database.user_id, "backup", not_before, { backup_id: backup!.id, executor_group: group });
  };
  /** All of a user's jobs in their order. */
  const inTurn = async (user_id: number, more: { urgent?: number; group?: string; busy?: Busy } = {}): Promise<number[]> => {
    const ids: number[] = [];
    for (let after: Job | undefined; ; ids.push(after.id)) {
      after = await nextInLane(db, { group: "default", urgent: 0, user_id, now: NOW, after, busy: NONE, ...more });
      if (after === undefined) return ids;
    }
  };

  test("what is urgent has a lane of its own; the rest goes by its time, and what is no backup stands back for ten minutes", async () => {
    const user = await addUser("order@example.org");
    const database = await addDatabase(user);
    const restore = await addJob(user, "restore", at(9));
    const deletion = await addJob(user, "delete", at(0));
    const [late, early, between] = [await addBackup(database, at(11)), await addBackup(database, at(5)), await addBackup(database, at(5))];
    await addBackup(database, at(31));
    expect(await inTurn(user)).toEqual([early.id, between.id, deletion.id, late.id]);
    expect(await inTurn(user, { urgent: 1 })).toEqual([restore.id]);
    await claimJob(db, early.id, NOW);
    await markCancelRequested(db, between.id, NOW);
    await finishJob(db, deletion.id, "failed", NOW);
    expect(await inTurn(user)).toEqual([late.id]);
  });

  test("what has to wait is passed over, and what comes behind it is not", async () => {
    const user = await addUser("busy@example.org");
    const [one, other] = [await addDatabase(user, 1), await addDatabase(user, 2)];
    const first = await addBackup(one, at(1));
    const second = await addBackup(other, at(2));
    const check = await addJob(user, "check", at(3));
    expect(await inTurn(user)).toEqual([first.id, second.id, check.id]);
    expect(await inTurn(user, { busy: { ...NONE, dumps: ["h:1"] } })).toEqual([second.id, check.id]);
    expect(await inTurn(user, { busy: { ...NONE, verifications: ["h:1", "h:2"] } })).toEqual([first.id, second.id, check.id]);
    expect(await inTurn(user, { busy: { kinds: ["check", "copy"], dumps: ["h:1", "h:2"], verifications: [] } })).toEqual([]);
  });

  test("a user waits since his first job's time, or since his last one went out", async () => {
    const [quiet, served] = [await addUser("quiet@example.org"), await addUser("served@example.org")];
    await addBackup(await addDatabase(quiet, 3), at(20), "east");
    const database = await addDatabase(served, 4);
    const before = await addBackup(database, at(1), "east");
    await addBackup(database, at(2), "east");
    await addBackup(database, at(40), "east");
    const users = async () => (await usersWaiting(db, { group: "east", urgent: 0, now: NOW })).toSorted((a, b) => a.user_id - b.user_id);
    expect(await users()).toEqual([{ user_id: quiet, since: at(20) }, { user_id: served, since: at(1) }]);
    await claimJob(db, before.id, at(25));
    await finishJob(db, before.id, "completed", at(26));
    expect(await users()).toEqual([{ user_id: quiet, since: at(20) }, { user_id: served, since: at(25) }]);
    expect(await usersWaiting(db, { group: "east", urgent: 1, now: NOW })).toEqual([]);
    expect(await groupsWaiting(db, NOW)).toEqual(["default", "east"]);
    expect(await groupsWaiting(db, at(-1))).toEqual([]);
  });

  test("what is out is known with the server that it is on, until it is over", async () => {
    const user = await addUser("out@example.org");
    const job = await addBackup(await addDatabase(user, 77), at(1), "west");
    const place = { host: "h", port: 77, executor_group: "west" };
    expect([await jobsOut(db, "west"), await dumpsOut(db, place)]).toEqual([[], 0]);
    await claimJob(db, job.id, NOW);
    expect(await jobsOut(db, "west")).toEqual([{ user_id: user, kind: "backup", status: "pending", executor_id: null, server: "h:77" }]);
    await startJob(db, job.id, { run_id: "r", executor_id: "e", at: NOW });
    expect(await jobsOut(db, "west")).toMatchObject([{ status: "running", executor_id: "e" }]);
    expect([await dumpsOut(db, place), await dumpsOut(db, { ...place, port: 78 }), await dumpsOut(db, { ...place, executor_group: "default" })]).toEqual([1, 0, 0]);
    await finishJob(db, job.id, "completed", NOW);
    expect([await jobsOut(db, "west"), await dumpsOut(db, place)]).toEqual([[], 0]);
  });

  test("transactions that lock a server follow each other: what one counts, no other changes", async () => {
    const user = await addUser("lock@example.org");
    const place = { host: "h", port: 99, executor_group: "default" };
    const jobs = [await addBackup(await addDatabase(user, 99), at(1)), await addBackup(await addDatabase(user, 99), at(1))];
    const claims: Promise<boolean>[] = [];
    /** The first one begins the second as soon as it has counted, and gives it time to count, too. */
    const claim = (n: number): Promise<boolean> => db.transaction().execute(async (tx) => {
      await lockServer(tx, place);
      const free = await dumpsOut(tx, place) < 1;
      if (n === 0) await Promise.race([claims[1] = claim(1), pause(500, new AbortController().signal)]);
      return free && await claimJob(tx, jobs[n]!.id, NOW);
    });
    const claimed = [await claim(0), await claims[1]];
    expect(claimed.filter(Boolean)).toHaveLength(1);
  });
});
