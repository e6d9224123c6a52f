import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { ALWAYS, atLeast, EVERY_SECOND, NEVER_NOW, start } from "./world-fixture.ts";

describe.concurrent("the scheduler", () => {
  it("emits a schedule's planned times, exactly and once", async () => {
    await using world = await start();
    await world.put({ schedule_id: 7, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS });
    const dues = await until("three", async () => atLeast(3, await world.dues()));
    const times = dues.map((due) => Date.parse(due.planned_at));
    expect(times.every((time) => time % 1000 === 0)).toBe(true);
    expect(times).toEqual([0, 1, 2].map((second) => times[0]! + second * 1000));
    expect(dues[0]).toMatchObject({ schedule_id: 7, trigger: "scheduled" });
    for (const due of dues) expect(Date.parse(due.emitted_at)).toBeGreaterThanOrEqual(Date.parse(due.planned_at));
    expect(await world.metric("safebase_scheduler_due_total")).toBeGreaterThanOrEqual(3);
  });

  it("finds schedules that were there before it, and keeps one timer for all that share a time", async () => {
    await using world = await start([
      { schedule_id: 1, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS }, { schedule_id: 2, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS },
      { schedule_id: 3, cron: NEVER_NOW, timezone: "Europe/Berlin", ...ALWAYS }, { schedule_id: 4, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS },
    ]);
    expect(await world.metric("safebase_scheduler_schedules")).toBe(4);
    expect(await world.metric("safebase_scheduler_timers")).toBe(3);
    const dues = await until("two of each", async () => atLeast(4, await world.dues()));
    const timesOf = (id: number) => dues.filter((due) => due.schedule_id === id).map((due) => due.planned_at).slice(0, 2);
    expect(timesOf(1)).toHaveLength(2);
    expect(timesOf(1)).toEqual(timesOf(2));
  });

  it("stops what is removed, moves what is changed, and leaves the others alone", async () => {
    await using world = await start([
      { schedule_id: 1, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS }, { schedule_id: 2, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS },
      { schedule_id: 3, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS },
    ]);
    await until("the first", async () => atLeast(1, await world.dues()));
    await world.remove(1);
    await world.put({ schedule_id: 2, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS });
    await until("the change to be seen", async () => (await world.metric("safebase_scheduler_timers")) === 2);
    await world.forget();
    const dues = await until("the third, twice more", async () => atLeast(2, await world.dues()));
    expect(new Set(dues.map((due) => due.schedule_id))).toEqual(new Set([3]));
    await world.remove(3);
    await until("the removal to be seen", async () => (await world.metric("safebase_scheduler_timers")) === 1);
  });

  it("runs the others when an entry cannot be understood", async () => {
    await using world = await start();
    await world.putText("schedule.1", "{not json");
    await world.putText("schedule.2", JSON.stringify({ schedule_id: 2, cron: "61 * * * *", timezone: "UTC", ...ALWAYS }));
    await world.putText("schedule.3", JSON.stringify({ schedule_id: 3, cron: EVERY_SECOND, timezone: "Mars/Phobos", ...ALWAYS }));
    await world.putText("schedule.4", JSON.stringify({ schedule_id: 5, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS }));
    await world.put({ schedule_id: 6, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS });
    const dues = await until("the good one", async () => atLeast(1, await world.dues()));
    expect(dues[0]!.schedule_id).toBe(6);
    expect(await world.metric("safebase_scheduler_schedules")).toBe(1);
  });

  it("misses nothing when NATS loses everything, and follows what comes back", async () => {
    await using world = await start([{ schedule_id: 1, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS }]);
    await until("the first", async () => atLeast(1, await world.dues()));
    await world.nats.wipe();
    await until("it to go on, the bucket still empty", async () => atLeast(3, await world.dues()));
    expect(await world.metric("safebase_scheduler_schedules")).toBe(1);
    await world.put({ schedule_id: 1, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS }); // changed meanwhile
    await world.put({ schedule_id: 2, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS });
    await until("both to be known", async () => (await world.metric("safebase_scheduler_schedules")) === 2);
    await world.forget();
    const dues = await until("the new one", async () => atLeast(2, await world.dues()));
    expect(new Set(dues.map((due) => due.schedule_id))).toEqual(new Set([2]));
  });

  it("forgets what a wiped bucket does not bring back in time", async () => {
    await using world = await start([{ schedule_id: 1, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS }], { SAFEBASE_RECONCILE_S: "0.25" });
    expect(await world.metric("safebase_scheduler_schedules")).toBe(1);
    await world.nats.wipe();
    await until("the bucket to be made again", async () => (await world.bucketAge_ms()) > 600);
    await world.put({ schedule_id: 2, cron: NEVER_NOW, timezone: "Europe/Berlin", ...ALWAYS });
    await until("the new one alone", async () => (await world.metric("safebase_scheduler_schedules")) === 1);
  });

  it("emits what came due while NATS was away as soon as it is back, the newest only", async () => {
    await using world = await start([{ schedule_id: 1, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS }]);
    await until("the first", async () => atLeast(1, await world.dues()));
    await world.nats.stop();
    const stopped = Date.now();
    await until("some seconds to pass", () => Date.now() - stopped > 3_200);
    await world.nats.restart();
    const back = Date.now();
    await until("it to go on", async () => (await world.dues()).some((due) => Date.parse(due.planned_at) > back));
    const late = (await world.dues()).filter((due) => Date.parse(due.planned_at) > stopped && Date.parse(due.planned_at) < back - 1_000);
    expect(late.length).toBeLessThanOrEqual(1);
  });
});
