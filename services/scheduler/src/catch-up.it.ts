import type { ScheduleEntry } from "@safebase/contracts";
import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { ALWAYS, atLeast, EVERY_SECOND, NEVER_NOW, prepare, start, type World } from "./world-fixture.ts";

const HOUR_MS = 3_600_000;
const ago = (ms: number): Date => new Date(Date.now() - ms);

/** A schedule of which one time has come lately, `minutes` ago and some seconds. */
function minutesAgo(schedule_id: number, minutes: number, since = ago(24 * HOUR_MS)): { entry: ScheduleEntry; planned_at: string } {
  const planned = ago(minutes * 60_000);
  planned.setUTCSeconds(0, 0);
  const cron = `${planned.getUTCMinutes()} ${planned.getUTCHours()} * * *`;
  return { entry: { schedule_id, cron, timezone: "UTC", jitter_s: 0, since: since.toISOString() }, planned_at: planned.toISOString() };
}

/** Every second another event comes; those of the others that should come have come before it. */
const clock: ScheduleEntry = { schedule_id: 99, cron: EVERY_SECOND, timezone: "UTC", jitter_s: 0, since: new Date(0).toISOString() };

async function settled(world: World): Promise<{ schedule_id: number; planned_at: string; trigger: string }[]> {
  const from_ms = Date.now() + 1_000;
  await until("the clock", async () => (await world.dues()).some((due) => due.schedule_id === 99 && Date.parse(due.planned_at) > from_ms));
  return (await world.dues()).filter((due) => due.schedule_id !== 99).map(({ schedule_id, planned_at, trigger }) => ({ schedule_id, planned_at, trigger }));
}

describe.concurrent("a scheduler that was away", () => {
  it("emits what it missed once and says so, and nothing that was planned before the schedule was", async () => {
    await using world = await prepare();
    const [missed, tooNew] = [minutesAgo(1, 10), minutesAgo(2, 10, ago(60_000))];
    for (const entry of [missed.entry, tooNew.entry, clock]) await world.put(entry);
    await world.setWatermark(ago(20 * 60_000));
    await world.startScheduler();
    expect(await settled(world)).toEqual([{ schedule_id: 1, planned_at: missed.planned_at, trigger: "catch_up" }]);
  });

  it("leaves word of how far it came, so that the next one repeats nothing", async () => {
    await using world = await prepare();
    const missed = minutesAgo(1, 10);
    await world.put(missed.entry);
    await world.put(clock);
    const first = await world.startScheduler();
    expect(await settled(world)).toEqual([{ schedule_id: 1, planned_at: missed.planned_at, trigger: "catch_up" }]);
    await first[Symbol.asyncDispose]();
    const stopped = Date.now();
    expect(stopped - (await world.watermark() as Date).getTime()).toBeLessThan(6_000);
    await world.forget();
    await world.startScheduler();
    expect(await settled(world)).toEqual([]);
  });

  it("catches up on nothing when it and all schedules are new", async () => {
    await using world = await prepare();
    await world.put(minutesAgo(1, 10, new Date()).entry);
    await world.put({ ...clock, since: new Date().toISOString() });
    await world.startScheduler();
    expect(await settled(world)).toEqual([]);
  });

  it("emits again what NATS has lost, for the gateway may not have seen it", async () => {
    await using world = await prepare();
    const lost = minutesAgo(1, 10);
    await world.put(lost.entry);
    await world.put(clock);
    await world.startScheduler();
    await until("the watermark to be past it", async () => (await world.watermark() ?? new Date(0)) > new Date(lost.planned_at));
    await world.nats.wipe();
    await until("it to come again", async () => (await world.dues()).some((due) => due.schedule_id === 1));
    expect(await settled(world)).toEqual([{ schedule_id: 1, planned_at: lost.planned_at, trigger: "catch_up" }]);
  });
});

describe.concurrent("the watermark", () => {
  it("never passes what NATS has not taken", async () => {
    const planned = new Date(Math.ceil(Date.now() / 1000 + 6) * 1000);
    await using world = await start([{ schedule_id: 1, cron: `${planned.getUTCSeconds()} * * * * *`, timezone: "UTC", ...ALWAYS, since: ago(1_000).toISOString() }]);
    await world.refuseEvents(true);
    await until("the time to pass, and two readings of the bucket", () => Date.now() > planned.getTime() + 11_000);
    expect(await world.watermark()).toEqual(new Date(planned.getTime() - 1));
    await world.refuseEvents(false);
    await until("it to go on", async () => (await world.watermark() as Date) > planned);
    expect(await world.dues()).toMatchObject([{ planned_at: planned.toISOString(), trigger: "catch_up" }]);
  });

  it("does not go back", async () => {
    await using world = await start([{ schedule_id: 1, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS }]);
    const ahead = new Date(Date.now() + 30_000);
    await world.setWatermark(ahead);
    await world.put({ schedule_id: 2, cron: NEVER_NOW, timezone: "UTC", ...ALWAYS }); // has it read the bucket, and write
    await until("the reading", async () => (await world.metric("safebase_scheduler_schedules")) === 2);
    expect(await world.watermark()).toEqual(ahead);
  });
});

describe.concurrent("two schedulers", () => {
  it("emit everything once, jitter included, and go on when one of them ends", async () => {
    await using world = await prepare();
    await world.put({ schedule_id: 1, cron: EVERY_SECOND, timezone: "UTC", ...ALWAYS });
    const planned = new Date(Math.ceil(Date.now() / 1000 + 3) * 1000);
    const missed = minutesAgo(3, 10);
    await world.put({ schedule_id: 2, cron: `${planned.getUTCSeconds()} * * * * *`, timezone: "UTC", jitter_s: 3, since: new Date().toISOString() });
    await world.put(missed.entry);
    const [first] = await Promise.all([world.startScheduler(), world.startScheduler()]);
    const jittered = await until("the one with jitter", async () => (await world.dues()).find((due) => due.schedule_id === 2));
    expect(jittered).toMatchObject({ planned_at: planned.toISOString(), trigger: "scheduled" });
    expect(Date.parse(jittered.emitted_at)).toBeGreaterThan(planned.getTime() + 20);
    await first[Symbol.asyncDispose]();
    const ended = Date.now();
    await until("three more", async () => atLeast(3, (await world.dues()).filter((due) => Date.parse(due.planned_at) > ended)));
    const ids = (await world.dues()).map((due) => `${due.schedule_id} ${due.planned_at}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("3 "))).toEqual([`3 ${missed.planned_at}`]);
    const seconds = (await world.dues()).filter((due) => due.schedule_id === 1).map((due) => Date.parse(due.planned_at)).sort((a, b) => a - b);
    expect(seconds).toEqual(Array.from(seconds, (_, index) => seconds[0]! + index * 1_000));
  });
});

describe.concurrent("ticks", () => {
  it("come at the start and every minute, whatever users have scheduled", async () => {
    await using world = await prepare();
    await world.putText("schedule.1", "{not json");
    await world.putText("schedule.2", JSON.stringify({ schedule_id: 2, cron: "61 * * * *", timezone: "UTC", ...ALWAYS }));
    await world.put({ schedule_id: 3, cron: "0 0 31 2 *", timezone: "UTC", ...ALWAYS });
    await Promise.all([world.startScheduler(), world.startScheduler()]);
    await until("the first look at storages", async () => (await world.ticks()).some(({ name }) => name === "storage_check"));
    const minutes = await until("the minute", async () => atLeast(1, (await world.ticks()).filter(({ name }) => name === "objectives")), { timeout_ms: 70_000 });
    expect(minutes).toEqual([{ name: "objectives", planned_at: expect.stringMatching(/:00\.000Z$/) }]);
    expect(Math.abs(await world.metric("safebase_scheduler_last_tick_timestamp_seconds") as number - Date.now() / 1000)).toBeLessThan(120);
  }, 90_000);
});
