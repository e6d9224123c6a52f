import type { Notice } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pageOfAudit } from "../catalog/audit.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import type { Database, ObjectiveState } from "../catalog/schema.ts";
import { createDatabase } from "../databases/create.ts";
import type { Core, Deps } from "../jobs/deps.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { createVerification } from "../verifications/create.ts";
import { checkObjectives } from "./check.ts";
import { getObjective } from "./get.ts";
import { listObjectives } from "./list.ts";
import { updateObjective } from "./update.ts";
import type { ObjectiveView } from "./view.ts";

const HOUR_MS = 3_600_000;
const quiet = { kick: () => { /* nobody waits for it */ } };

describe.each(["sqlite", "postgresql"] as const)("objectives on %s", (dialect) => {
  let rig: Rig;
  beforeEach(async () => { rig = await startRig(dialect); });
  afterEach(() => rig[Symbol.asyncDispose]());

  const later = (hours: number): Core => ({ ...rig.core, now: () => new Date(Date.now() + hours * HOUR_MS) });
  /** What two gateways find out at the same time, so much later. */
  const check = (hours = 0) => Promise.all([1, 2].map(() => checkObjectives(later(hours), quiet)));
  const nightly = (database: Database, more: { cron?: string; verify_every?: number; enabled?: number } = {}) => {
    const at = new Date().toISOString();
    return insertSchedule(rig.db, {
      user_id: database.user_id, database_id: database.id, name: "nightly", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null,
      effective_from: at, created_at: at, updated_at: at, ...more,
    });
  };
  const objective = async (database: Database, kind: ObjectiveView["kind"] = "backup"): Promise<ObjectiveView> => {
    const { objectives } = await listObjectives(rig.core, rig.ann, { page: 1, per_page: 50, database_id: database.id });
    return objectives.find((each) => each.kind === kind)!;
  };
  const state = async (database: Database, kind?: ObjectiveView["kind"]): Promise<ObjectiveState> => (await objective(database, kind)).state;
  const notices = async (): Promise<Notice[]> => {
    const rows = await rig.db.selectFrom("notices").select("payload").where("kind", "in", ["objective_at_risk", "objective_missed", "objective_met"]).orderBy("created_at").execute();
    return rows.map(({ payload }) => JSON.parse(payload) as Notice);
  };
  const told = async () => (await notices()).map(({ kind, objective: about }) => `${kind} ${about?.kind}`);
  /** Moves a backup into the past, and says that a test restore has proved it. */
  const age = (id: number, hours: number, verified_at: string | null = null) =>
    rig.db.updateTable("backups").set({ started_at: new Date(Date.now() - hours * HOUR_MS).toISOString(), verified_at }).where("id", "=", id).execute();

  test("a database whose schedule never succeeds: at risk, missed, each told once", async () => {
    const database = await rig.database("postgresql");
    await nightly(database);
    await check();
    expect(await objective(database)).toMatchObject({ state: "met", automatic: true, limit_s: 48 * 3600, newest_at: null, age_s: null, next_run_at: expect.stringMatching(/T03:00:00.000Z$/) });
    for (const hours of [38, 39, 39, 47]) await check(hours);
    expect([await state(database), await told()]).toEqual(["at_risk", ["objective_at_risk backup"]]);
    for (const hours of [49, 49, 500]) await check(hours);
    expect([await state(database), await told()]).toEqual(["missed", ["objective_at_risk backup", "objective_missed backup"]]);
    expect((await notices())[1]).toMatchObject({
      severity: "critical", user_id: rig.ann.user_id, user_email: rig.ann.email, database: { id: database.id, name: "My shop", type: "postgresql" },
      objective: { kind: "backup", limit_s: 48 * 3600, age_s: null },
    });
  });

  test("a weekend without runs is no miss for weekdays only", async () => {
    const database = await rig.database("postgresql");
    await nightly(database, { cron: "0 3 * * 1-5" });
    await check();
    expect((await objective(database)).limit_s).toBe(6 * 24 * 3600);
    await check(100);
    expect(await told()).toEqual([]);
  });

  test("without a schedule, with a disabled one, and while it is disabled there is nothing to miss", async () => {
    const [bare, paused, disabled] = [await rig.database("postgresql"), await rig.database("postgresql"), await rig.database("mariadb")];
    await nightly(paused, { enabled: 0 });
    await nightly(disabled);
    await check();
    await rig.db.updateTable("objectives").set({ enabled: 0 }).where("database_id", "=", disabled.id).execute();
    await check(1_000);
    for (const database of [bare, paused, disabled]) expect(await objective(database)).toMatchObject({ state: "none", limit_s: null });
    expect(await told()).toEqual([]);
  });

  test("a database that was registered before, one that is registered now, and one that is gone", async () => {
    const before = await rig.database("postgresql");
    const gateway = rig.gateway();
    const { id } = await createDatabase(gateway, rig.ann, { name: "new", type: "postgresql", host: "h", port: 5432, username: "u", db_name: "d" });
    expect((await listObjectives(rig.core, rig.ann, { page: 1, per_page: 50, database_id: id })).objectives.map(({ kind }) => kind)).toEqual(["backup", "verification"]);
    await check();
    expect((await listObjectives(rig.core, rig.ann, { page: 1, per_page: 3 })).pagination).toMatchObject({ total: 4, pages: 2 });
    await rig.db.updateTable("databases").set({ deleted_at: new Date().toISOString() }).where("id", "=", before.id).execute();
    await nightly(before);
    await check(1_000);
    expect((await listObjectives(rig.core, rig.ann, { page: 1, per_page: 50, state: "none" })).objectives.every((each) => each.database_id === id)).toBe(true);
    expect(await told()).toEqual([]);
  });

  describe("with two gateways that live", () => {
    let gateway: Deps;
    beforeEach(() => { [gateway] = [rig.gateway(), rig.gateway()]; });
    const live = () => rig.told.notices.filter(({ kind }) => kind.startsWith("objective")).map(({ kind, objective: about }) => `${kind} ${about?.kind}`);

    test("a backup that ages: at risk, missed, and met as soon as there is a new one, each told once", async () => {
      const executor = rig.executor();
      const database = await rig.database("postgresql");
      const { id } = await rig.completedBackup(gateway, executor, database);
      await until("the objective to be there", () => objective(database));
      await updateObjective(gateway, rig.ann, { id: (await objective(database)).id, max_age_s: 3600 });
      expect(await objective(database)).toMatchObject({ state: "met", limit_s: 3600, automatic: false, age_s: expect.any(Number) });
      await age(id, 0.9);
      await until("it to be at risk", async () => await state(database) === "at_risk");
      await age(id, 2);
      await until("it to be missed", async () => await state(database) === "missed");
      await rig.completedBackup(gateway, executor, database);
      await until("the end to be told", () => live().includes("objective_met backup"));
      expect(await state(database)).toBe("met");
      expect(live()).toEqual(["objective_at_risk backup", "objective_missed backup", "objective_met backup"]);
      expect(rig.told.ui.filter(({ event }) => event === "objective").map(({ user_id, data }) => [user_id, data["state"]])).toContainEqual([rig.ann.user_id, "missed"]);
    });

    test("the newest backup counts only while it is there, and for verification only once it is proved", async () => {
      const executor = rig.executor();
      const database = await rig.database("postgresql");
      await nightly(database, { verify_every: 3 });
      const [older, newer] = [await rig.completedBackup(gateway, executor, database), await rig.completedBackup(gateway, executor, database)];
      await age(older.id, 47, new Date().toISOString());
      await rig.db.updateTable("backups").set({ deleted_at: new Date().toISOString() }).where("id", "=", newer.id).execute();
      await until("the older one to count", async () => Math.round((await objective(database)).age_s! / 3600) === 47);
      await until("it to be judged", async () => (await objective(database, "verification")).state === "met");
      expect(await objective(database, "verification")).toMatchObject({ state: "met", limit_s: 6 * 24 * 3600, age_s: expect.closeTo(47 * 3600, -2) });
      await age(older.id, 47);
      expect(await objective(database, "verification")).toMatchObject({ state: "met", age_s: null });
    });
  });

  test("while NATS is gone an objective is missed all the same, and told when it is back", async () => {
    rig.gateway();
    const database = await rig.database("postgresql");
    await until("the first check", () => objective(database));
    await rig.nats.stop();
    await rig.db.updateTable("objectives").set({ max_age_s: 60, created_at: new Date(Date.now() - HOUR_MS).toISOString() }).where("kind", "=", "backup").execute();
    await until("it to be missed", async () => await state(database) === "missed");
    expect(rig.told.notices).toEqual([]);
    await rig.nats.restart();
    await until("it to be told", () => rig.told.notices.length > 0);
    expect(rig.told.notices.map(({ kind }) => kind)).toEqual(["objective_missed"]);
  });

  test.each(["backup", "verification"] as const)("a %s that comes through is judged at once", async (kind) => {
    await using slow = await startRig(dialect, { reconcile_s: 3_600 });
    const database = await slow.database("postgresql");
    const [gateway, executor] = [slow.gateway(), slow.executor()];
    await until("the first check", async () => (await slow.db.selectFrom("objectives").select("id").execute()).length === 2);
    await slow.db.updateTable("objectives").set({ max_age_s: 3600, state: "missed" }).where("kind", "=", kind).execute();
    const { id } = await slow.completedBackup(gateway, executor, database);
    if (kind === "verification") {
      await createVerification(gateway, slow.ann, { backup_id: id });
      await (await executor.take()).complete();
    }
    await until("the end to be told", () => slow.told.notices.find((notice) => notice.kind === "objective_met" && notice.objective?.kind === kind));
    expect((await slow.db.selectFrom("objectives").select("state").where("kind", "=", kind).executeTakeFirstOrThrow()).state).toBe("met");
  });

  test("its owner changes it, is answered by its new state, and nobody else does", async () => {
    const gateway = { ...rig.gateway(), ...later(0) };
    const database = await rig.database("postgresql");
    await check();
    const { id } = await objective(database);
    await expect(updateObjective(gateway, rig.bob, { id, enabled: false })).rejects.toMatchObject({ code: "not_found" });
    await expect(getObjective(gateway, rig.bob, { id })).rejects.toMatchObject({ code: "not_found" });
    expect((await listObjectives(gateway, rig.bob, { page: 1, per_page: 50 })).objectives).toEqual([]);
    await rig.db.updateTable("objectives").set({ created_at: new Date(Date.now() - 2 * HOUR_MS).toISOString() }).where("id", "=", id).execute();
    expect(await updateObjective(gateway, rig.ann, { id, max_age_s: 3600 })).toMatchObject({ state: "missed", limit_s: 3600, max_age_s: 3600, automatic: false });
    expect(await updateObjective(gateway, rig.ann, { id, enabled: false })).toMatchObject({ state: "none", max_age_s: 3600, enabled: false, limit_s: null });
    expect(await updateObjective(gateway, rig.ann, { id, max_age_s: null, enabled: true })).toMatchObject({ state: "none", max_age_s: null, automatic: true });
    expect(await told()).toEqual(["objective_missed backup"]);
    const { rows } = await pageOfAudit(rig.db, { action: "objective.update" }, { limit: 9, offset: 0 });
    expect(rows.map(({ object_id, actor, outcome }) => [object_id, actor, outcome])).toEqual([1, 2, 3].map(() => [id, rig.ann.email, "ok"]));
  });
});
