import { BUCKETS, STREAMS, subjects, type Due } from "@safebase/contracts";
import { unsettled } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listBackups } from "../backups/list.ts";
import { pageOfAudit } from "../catalog/audit.ts";
import type { Database } from "../catalog/schema.ts";
import type { Deps } from "../jobs/deps.ts";
import { startRig, type Executor, type Rig } from "../jobs/rig-fixture.ts";
import { createSchedule } from "./create.ts";
import { deleteSchedule } from "./delete.ts";
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
  const backups = async () => (await listBackups(gateway, rig.ann, { page: 1, per_page: 50 })).backups;
  const bucket = () => rig.core.bus.withBucket(BUCKETS.schedules, async (kv) => {
    const found: Record<string, unknown> = {};
    for await (const key of await kv.keys()) found[key] = (await kv.get(key))?.json();
    return found;
  });
  const bucketIs = (wanted: object) => until(`the bucket to hold ${JSON.stringify(wanted)}`, async () => JSON.stringify(await bucket()) === JSON.stringify(wanted));

  test("a time that is due twice makes one backup, whatever way it is written", async () => {
    const { id } = await create();
    await due(id, "2026-03-04T02:00:00Z");
    await due(id, "2026-03-04T02:00:00.000Z");
    const run = await executor.take();
    expect(run.command).toMatchObject({ kind: "backup", trigger: "scheduled", compression: "gzip", format: "sql" });
    await run.complete();
    await until("it to be completed", async () => (await backups())[0]?.status === "completed");
    await due(id, "2026-03-04T02:00:00Z");
    await due(id, "2026-03-05T02:00:00Z", "catch_up");
    const next = await executor.take();
    expect(next.command).toMatchObject({ trigger: "catch_up" });
    await next.complete();
    await until("both", async () => (await backups()).length === 2);
    expect((await backups()).map(({ planned_at }) => planned_at)).toEqual(["2026-03-05T02:00:00.000Z", "2026-03-04T02:00:00.000Z"]);
    expect((await pageOfAudit(rig.db, { action: "backup.create" }, { limit: 9, offset: 0 })).rows.map(({ actor }) => actor)).toEqual(["scheduler", "scheduler"]);
  });

  test("while one backup is not over the next time is skipped, and that is said", async () => {
    const { id } = await create();
    await due(id, "2026-03-04T02:00:00Z");
    const run = await executor.take();
    await run.start();
    await due(id, "2026-03-04T03:00:00Z");
    const skipped = () => pageOfAudit(rig.db, { action: "schedule.skip" }, { limit: 9, offset: 0 });
    await until("the audit entry", async () => (await skipped()).total === 1);
    expect((await skipped()).rows[0]).toMatchObject({ object_id: id, outcome: "refused", detail: expect.stringContaining("2026-03-04T03:00:00.000Z") });
    expect(await backups()).toHaveLength(1);
  });

  test("the scheduler's bucket follows every change, and NATS's loss", async () => {
    const schedule = await create();
    const key = `schedule.${schedule.id}`;
    expect(schedule).toMatchObject({ cron: "0 3 * * *", enabled: true, next_run_at: expect.any(String), name: "My shop" });
    await bucketIs({ [key]: { schedule_id: schedule.id, cron: "0 3 * * *", timezone: "Europe/Paris" } });
    await updateSchedule(gateway, rig.ann, { id: schedule.id, cron: "30 4 * * MON-FRI", timezone: "UTC" });
    const changed = { [key]: { schedule_id: schedule.id, cron: "30 4 * * MON-FRI", timezone: "UTC" } };
    await bucketIs(changed);
    await rig.nats.wipe();
    await bucketIs(changed);
    await updateSchedule(gateway, rig.ann, { id: schedule.id, enabled: false });
    await bucketIs({});
    await due(schedule.id, "2026-03-04T02:00:00Z"); // disabled: ignored
    await until("it to be seen", async () => await unsettled(rig.core.bus, STREAMS.events, "gateway-due") === 0);
    await updateSchedule(gateway, rig.ann, { id: schedule.id, enabled: true });
    await bucketIs(changed);
    await deleteSchedule(gateway, rig.ann, schedule);
    await bucketIs({});
    expect(await backups()).toEqual([]);
  });

  test.each([
    [{ cron: "every day" }, /^cron: /], [{ cron: "99 3 * * *" }, /^cron: /], [{ cron: "0 0 31 2 *" }, /^cron: /], [{ cron: "* * * * * *" }, /^cron: /],
    [{ timezone: "Europe/Atlantis" }, /^timezone: /], [{ format: "custom" as const }, /^format: /],
  ])("%j is refused", async (wrong, message) => {
    await expect(createSchedule(gateway, rig.ann, { database_id: database.id, cron: "0 3 * * *", ...wrong })).rejects.toMatchObject({
      code: "bad_request", message: expect.stringMatching(message),
    });
  });
});
