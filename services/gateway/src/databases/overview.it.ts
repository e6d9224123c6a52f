import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertMissingObjectives } from "../catalog/objectives.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import type { Database } from "../catalog/schema.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { checkObjectives } from "../objectives/check.ts";
import { addPast, nightly, type Past } from "../retention/history-fixture.ts";
import { getDatabaseOverview, listDatabaseOverviews, type OverviewInput } from "./overview.ts";

const NOW = new Date("2054-11-20T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const ago = (hours: number): string => new Date(NOW.getTime() - hours * HOUR_MS).toISOString();

describe.each(["sqlite", "postgresql"] as const)("how databases stand, on %s", (dialect) => {
  let rig: Rig;
  /** By their names: `late` is missed, `fine` met, `idle` without schedule, `empty` never backed up, `other` is Bob's. */
  const databases: Record<string, Database> = {};
  const ids: Record<string, number[]> = {};
  const deps = () => ({ db: rig.db, now: () => NOW, progress: { of: () => null } as never });
  const list = (input: Partial<OverviewInput> = {}, scope: Rig["ann"]["scope"] = rig.ann.scope) => listDatabaseOverviews(deps(), { scope }, { page: 1, per_page: 50, ...input });
  const names = async (input: Partial<OverviewInput> = {}) => (await list(input)).databases.map(({ name }) => name);
  const one = (name: string) => getDatabaseOverview(deps(), rig.ann, { id: databases[name]!.id });

  const add = async (name: string, type: Database["type"], past: readonly Past[], scheduled = false): Promise<void> => {
    const database = await rig.database(type, name === "other" ? rig.bob : rig.ann);
    await rig.db.updateTable("databases").set({ name, db_name: `${name}_100%` }).where("id", "=", database.id).execute();
    ids[name] = await addPast(rig.db, database, past);
    const at = ago(1_000);
    if (scheduled) await insertSchedule(rig.db, { user_id: database.user_id, database_id: database.id, name: "n", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, effective_from: at, created_at: at, updated_at: at });
    databases[name] = database;
  };

  beforeAll(async () => {
    rig = await startRig(dialect);
    await add("late", "mariadb", [{ at: ago(80), size_bytes: 7_000_000 }, { at: ago(3), status: "failed", size_bytes: null }], true);
    await add("fine", "postgresql", nightly(40, NOW).map((each, n) => ({ ...each, size_bytes: 1_000 + n, ...(n === 38 ? { verified_at: ago(2) } : {}) })), true);
    await add("Idle", "mysql", [{ at: ago(500) }, { at: ago(400), deleted_at: ago(1) }, { at: ago(300), status: "completed", integrity: "damaged" }, { at: ago(0), status: "running", size_bytes: null, finished_at: null }]);
    await rig.db.updateTable("jobs").set({ status: "running", finished_at: null }).where("backup_id", "=", ids["Idle"]!.at(-1)!).execute();
    await add("empty", "postgresql", []);
    await add("other", "postgresql", nightly(2, NOW));
    await insertMissingObjectives(rig.db, ago(1_000));
    await checkObjectives({ ...rig.core, now: () => NOW }, { kick: () => { /* nobody waits for it */ } });
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("each with its last results, newest backups, due time, next run and what is stored", async () => {
    const fine = await one("fine");
    expect(fine).toMatchObject({
      name: "fine", type: "postgresql", user_id: rig.ann.user_id, user_email: rig.ann.email, state: "met", backups: 40, stored_bytes: 40 * 1_000 + 39 * 20, schedules: 1, running: null,
      next_run_at: "2054-11-21T03:00:00.000Z", objective: { state: "met", limit_s: 48 * 3600, due_at: new Date(NOW.getTime() + 47 * HOUR_MS).toISOString() },
      newest: { id: ids["fine"]!.at(-1), at: ago(1), size: 1_039, verified_at: null, pinned: false }, newest_verified: { id: ids["fine"]![38], at: ago(25), verified_at: ago(2) },
    });
    expect(fine.results.map(({ id }) => id)).toEqual(ids["fine"]!.slice(-10));
    expect(fine.sizes.map(({ size }) => size)).toEqual(Array.from({ length: 30 }, (_, n) => 1_010 + n));
    expect(await one("late")).toMatchObject({ state: "missed", objective: { state: "missed", due_at: ago(32) }, newest: { at: ago(80) }, results: [{ status: "completed" }, { status: "failed" }], sizes: [{ at: ago(80), size: 7_000_000 }] });
    expect(await one("empty")).toMatchObject({ state: "never", objective: { state: "none", due_at: null }, results: [], sizes: [], newest: null, newest_verified: null, backups: 0, stored_bytes: 0, schedules: 0, next_run_at: null });
  });

  test("what was deleted is not shown, what is damaged is not the newest, and what runs is named", async () => {
    const [oldest, deleted, damaged, running] = ids["Idle"]!;
    const idle = await one("Idle");
    expect(idle.results.map(({ id }) => id)).toEqual([oldest, damaged, running]);
    expect(idle).toMatchObject({ state: "none", newest: { id: oldest }, backups: 2, running: { id: running, status: "running", progress: null } });
    expect(JSON.stringify(idle)).not.toContain(`"id":${deleted},`);
  });

  test("sorted by name, by what is worst, by the newest backup and by size, either way", async () => {
    expect(await names()).toEqual(["empty", "fine", "Idle", "late"]);
    expect(await names({ sort: "name", order: "desc" })).toEqual(["late", "Idle", "fine", "empty"]);
    expect(await names({ sort: "state" })).toEqual(["late", "empty", "Idle", "fine"]);
    expect(await names({ sort: "newest" })).toEqual(["empty", "Idle", "late", "fine"]);
    expect(await names({ sort: "size", order: "desc" })).toEqual(["late", "Idle", "fine", "empty"]);
  });

  test("found by words, type and state; the counts are of all that fit", async () => {
    expect(await names({ q: "FIN post" })).toEqual(["fine"]);
    expect(await names({ q: "100%" })).toHaveLength(4);
    expect(await names({ q: "f_ne" })).toEqual([]); // no pattern
    expect(await names({ type: "mariadb" })).toEqual(["late"]);
    for (const [state, expected] of [["missed", "late"], ["never", "empty"], ["none", "Idle"], ["met", "fine"], ["failed", "late"], ["running", "Idle"]] as const) expect(await names({ state }), state).toEqual([expected]);
    const { counts, pagination } = await list({ state: "missed" });
    expect(counts).toEqual({ all: 4, missed: 1, never: 1, at_risk: 0, none: 1, met: 1, failed: 1, running: 1 });
    expect(pagination).toEqual({ page: 1, per_page: 50, total: 1, pages: 1 });
  });

  test("page by page", async () => {
    expect(await names({ page: 2, per_page: 3 })).toEqual(["late"]);
    expect((await list({ page: 2, per_page: 3 })).pagination).toEqual({ page: 2, per_page: 3, total: 4, pages: 2 });
  });

  test("nobody sees another's", async () => {
    expect((await list({}, rig.bob.scope)).databases.map(({ name }) => name)).toEqual(["other"]);
    expect((await list({}, rig.bob.scope)).counts.all).toBe(1);
    expect(await names({ q: "other" })).toEqual([]);
    await expect(one("other")).rejects.toMatchObject({ code: "not_found" });
    expect((await list({ q: "bob@ other" }, "all")).databases).toMatchObject([{ name: "other", user_email: "bob@example.org" }]);
  });

  test("nothing is planned while all schedules are paused", async () => {
    await rig.db.insertInto("settings").values({ key: "schedules_paused", value: "true", updated_at: ago(0) }).execute();
    const { databases: shown, schedules_paused } = await list();
    expect([schedules_paused, shown.every(({ next_run_at }) => next_run_at === null)]).toEqual([true, true]);
  });
});
