import { freshDatabase, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { insertDatabase, lockDatabase, unregisterDatabase } from "./databases.ts";
import { findJob, finishJob, insertJob } from "./jobs.ts";
import { notePlace } from "./known-places.ts";
import { insertBackup } from "./backups.ts";
import { openCatalog, type OpenedCatalog } from "./open.ts";
import type { Role } from "./schema.ts";
import type { Db } from "./scope.ts";
import { countBackups, openJobs } from "./stats.ts";
import { countAttempt, countUse, takeBackAttempt } from "./throttle.ts";
import { isRevoked, revokeToken } from "./tokens.ts";
import { deleteUser, insertUser, updateAccount } from "./users.ts";

const AT = "2026-01-02T03:04:05.678Z";
const LATER = "2026-01-02T03:30:00.000Z";

describe.each(["sqlite", "postgresql"] as const)("accounts and databases on %s", (dialect) => {
  let server: TestDatabase | undefined;
  let catalog: OpenedCatalog;
  let db: Db;
  beforeAll(async () => {
    if (dialect === "postgresql") server = await freshDatabase(inject("postgres"), "accounts");
    catalog = await openCatalog(server === undefined ? "sqlite::memory:" : `postgres://${server.username}:${server.password}@${server.host}:${server.port}/${server.db_name}`);
    db = catalog.db;
  });
  afterAll(async () => { await catalog[Symbol.asyncDispose](); await server?.[Symbol.asyncDispose](); });

  const change = (id: number, role: Role) => db.transaction().execute((tx) => updateAccount(tx, id, { role }));
  const register = (email: string) => insertUser(db, { email, password_hash: "-", created_at: AT }, (accounts) => (accounts === 0 ? "admin" : "user"));

  it("gives the first account, and it alone, to an admin, though many register at once", async () => {
    const users = await Promise.all(["a", "b", "c", "d", "e", "f", "a"].map((name) => register(`${name}@example.org`)));
    expect(users.filter((user) => user?.role === "admin")).toHaveLength(1);
    expect(users.filter((user) => user === undefined)).toHaveLength(1);
  });

  it("keeps one admin, though two demote each other at once", async () => {
    const users = await db.selectFrom("users").selectAll().orderBy("id").execute();
    const [admin, other] = [users.find((user) => user.role === "admin")!, users.find((user) => user.role === "user")!];
    expect(await change(other.id, "admin")).toBe("done");
    expect((await Promise.all([change(admin.id, "user"), change(other.id, "user")])).sort()).toEqual(["done", "last_admin"]);
    expect(await change(999, "user")).toBe("missing");
    const [last] = await db.selectFrom("users").select("id").where("role", "=", "admin").execute();
    expect(await deleteUser(db, last!.id)).toBe("last_admin");
  });

  it("lets an account go that has deleted all it had; the records become an admin's", async () => {
    const { id } = (await register("leaver@example.org"))!;
    const database = await insertDatabase(db, {
      user_id: id, name: "d", type: "postgresql", host: "h", port: 1, username: "u", password_sealed: null, db_name: "d", ssl_mode: "prefer", ssl_ca: null,
      executor_group: "default", created_at: AT, updated_at: AT, deleted_at: null,
    });
    const job = await insertJob(db, { user_id: id, kind: "delete", executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before: AT, created_at: AT });
    expect(await deleteUser(db, id)).toBe("owns_data"); // the database
    await db.updateTable("databases").set({ deleted_at: AT }).where("id", "=", database.id).execute();
    expect(await deleteUser(db, id)).toBe("owns_data"); // the job
    await finishJob(db, job.id, "completed", AT);
    expect(await deleteUser(db, id)).toBe("done");
    const heir = (await db.selectFrom("databases").select("user_id").where("id", "=", database.id).executeTakeFirstOrThrow()).user_id;
    expect(await db.selectFrom("users").select("role").where("id", "=", heir).execute()).toEqual([{ role: "admin" }]);
    expect(await findJob(db, job.id, { user_id: heir })).toBeDefined();
  });

  it("knows the places of an account, which go with it", async () => {
    const [{ id }, other] = [(await register("places@example.org"))!, (await register("elsewhere@example.org"))!];
    expect([await notePlace(db, id, "a", AT), await notePlace(db, id, "a", LATER), await notePlace(db, id, "b", LATER), await notePlace(db, other.id, "b", LATER)])
      .toEqual(["first", "known", "new", "first"]);
    expect(await db.selectFrom("known_places").selectAll().where("user_id", "=", id).where("place", "=", "a").execute())
      .toEqual([{ user_id: id, place: "a", first_seen_at: AT, last_seen_at: LATER }]);
    expect(await deleteUser(db, id)).toBe("done");
    expect(await db.selectFrom("known_places").select("place").where("user_id", "=", id).execute()).toEqual([]);
  });

  it("counts uses in windows of their own, and lets those of others be", async () => {
    const use = (key: string, now: string, from: string) => countUse(db, key, now, from);
    await countAttempt(db, "account:x", AT, "2026-01-02T02:00:00.000Z");
    expect(await Promise.all([1, 2, 3].map(() => use("test:1", AT, "2026-01-02T03:00:00.000Z")))).toHaveLength(3);
    expect(await use("test:1", AT, "2026-01-02T03:00:00.000Z")).toEqual({ uses: 4, window_started_at: AT });
    expect(await use("test:1", LATER, "2026-01-02T03:20:00.000Z")).toEqual({ uses: 1, window_started_at: LATER });
    expect((await countAttempt(db, "account:x", AT, "2026-01-02T02:00:00.000Z")).failures).toBe(2);
  });

  it("counts attempts that are made at once, and begins a new window in time", async () => {
    const counts = await Promise.all(Array.from({ length: 10 }, () => countAttempt(db, "k", AT, "2026-01-01T00:00:00.000Z")));
    expect(counts.map(({ failures }) => failures).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await takeBackAttempt(db, "k");
    expect((await countAttempt(db, "k", AT, "2026-01-01T00:00:00.000Z")).failures).toBe(10);
    expect(await countAttempt(db, "k", LATER, AT)).toEqual({ failures: 1, window_started_at: LATER });
  });

  it("forgets revoked tokens only when they have expired", async () => {
    await revokeToken(db, { jti: "old", expires_at: AT }, "2026-01-01T00:00:00.000Z");
    await revokeToken(db, { jti: "new", expires_at: LATER }, AT);
    await revokeToken(db, { jti: "new", expires_at: LATER }, AT);
    expect([await isRevoked(db, "old"), await isRevoked(db, "new"), await isRevoked(db, "none")]).toEqual([true, true, false]);
    await revokeToken(db, { jti: "other", expires_at: "2027-01-01T00:00:00.000Z" }, LATER);
    expect(await isRevoked(db, "old")).toBe(false);
  });

  const addDatabase = async () => {
    const { id } = (await db.selectFrom("users").select("id").orderBy("id").execute())[0]!;
    return insertDatabase(db, {
      user_id: id, name: "x", type: "mysql", host: "h", port: 1, username: "u", password_sealed: "sealed", db_name: "d", ssl_mode: "prefer", ssl_ca: null,
      executor_group: "default", created_at: AT, updated_at: AT, deleted_at: null,
    });
  };
  const order = async (id: number) => db.transaction().execute(async (tx) => {
    const database = await lockDatabase(tx, id, "all");
    if (database === undefined) return "missing";
    const backup = (await insertBackup(tx, {
      user_id: database.user_id, database_id: id, schedule_id: null, planned_at: null, trigger: "manual", type: "mysql", format: "sql", compression: "zstd", created_at: AT,
    }))!;
    await insertJob(tx, { user_id: database.user_id, kind: "backup", backup_id: backup.id, executor_group: "default", time_limit_s: 1, stall_limit_s: 1, not_before: AT, created_at: AT });
    return "ordered";
  });
  const unregister = (id: number) => db.transaction().execute(async (tx) => (await unregisterDatabase(tx, id, LATER)).outcome);

  it("unregisters a database or orders its backup, never both", async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await addDatabase();
      const outcomes = await Promise.all(round % 2 === 0 ? [order(id), unregister(id)] : [unregister(id), order(id)]);
      expect(["busy,ordered", "ordered,busy", "done,missing", "missing,done"]).toContain(outcomes.join());
    }
  });

  it("counts backups and open jobs as numbers", async () => {
    const before = (await countBackups(db, "all")).reduce((sum, row) => sum + row.count, 0);
    const { id, user_id } = await addDatabase();
    await order(id);
    const counts = await countBackups(db, { user_id });
    expect(counts).toEqual([{ type: "mysql", status: "pending", count: before + 1, size_bytes: 0 }]);
    await db.updateTable("backups").set({ size_bytes: 3_000_000_000 }).execute();
    expect((await countBackups(db, "all", AT))[0]?.size_bytes).toBe(3_000_000_000 * (before + 1));
    expect(await countBackups(db, "all", LATER)).toEqual([]);
    expect(await countBackups(db, { user_id: 999 })).toEqual([]);
    expect((await openJobs(db, { user_id }, 100)).length).toBe(before + 1);
  });
});
