import { createLog } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { Timetable } from "./timetable.ts";

const log = createLog("scheduler", "silent");
const ZONES = Intl.supportedValuesOf("timeZone");

/** The same second of the minute in so many time zones. */
function soon(count: number): { at: Date; plans: Map<string, { cron: string; timezone: string }> } {
  const at = new Date(Math.ceil(Date.now() / 1000 + 2) * 1000);
  return { at, plans: new Map(ZONES.slice(0, count).map((timezone) => [timezone, { cron: `${at.getUTCSeconds()} * * * * *`, timezone }])) };
}

describe("the timetable", () => {
  it("tells of every plan whose time has come, and arms it for the next", async () => {
    const told = new Map<string, Date[]>();
    await using timetable = new Timetable(log, (key, plannedAt) => { told.set(key, [...told.get(key) ?? [], plannedAt]); });
    const { at, plans } = soon(300);
    await timetable.set(plans, new Date());
    expect(timetable).toMatchObject({ size: 300, earliest_ms: at.getTime() });
    await until("all of them", () => told.size === 300);
    expect([...told.values()]).toEqual(Array.from({ length: 300 }, () => [at]));
    await until("the next", () => timetable.earliest_ms === at.getTime() + 60_000);
  });

  it("tells nothing of a plan that was taken back", async () => {
    const told: string[] = [];
    await using timetable = new Timetable(log, (key) => { told.push(key); });
    const { at, plans } = soon(2);
    await timetable.set(plans, new Date());
    await timetable.set(new Map([...plans].slice(1)), new Date());
    await until("the other", () => told.length > 0);
    await until("a little longer", () => Date.now() > at.getTime() + 500); // what is tested is that nothing happens
    expect(told).toEqual([ZONES[1]]);
  });

  it("tells once of what a timer has slept through", async () => {
    const told: Date[] = [];
    await using timetable = new Timetable(log, (_key, plannedAt) => { told.push(plannedAt); });
    await timetable.set(new Map([["hourly", { cron: "0 * * * *", timezone: "UTC" }]]), new Date());
    const planned_ms = timetable.earliest_ms;
    await timetable.runOverdue(new Date(planned_ms + 1_000)); // not yet: its timer may still come
    await timetable.runOverdue(new Date(planned_ms + 600_000));
    await timetable.runOverdue(new Date(planned_ms + 600_000));
    await until("it to be told", () => told.length > 0);
    expect(told).toEqual([new Date(planned_ms)]);
    await until("the next", () => timetable.earliest_ms === planned_ms + 3_600_000);
  });

  it("leaves out what has no times, and arms the others", async () => {
    await using timetable = new Timetable(log, () => undefined);
    await timetable.set(new Map([["never", { cron: "0 0 31 2 *", timezone: "UTC" }], ["hourly", { cron: "0 * * * *", timezone: "UTC" }]]), new Date());
    expect(timetable.size).toBe(1);
  });

  it("ends while plans are due", async () => {
    const told: string[] = [];
    const timetable = new Timetable(log, (key) => { told.push(key); });
    const { at, plans } = soon(10);
    await timetable.set(plans, new Date());
    await timetable[Symbol.asyncDispose]();
    expect(timetable).toMatchObject({ size: 0, earliest_ms: Infinity });
    await until("a little longer", () => Date.now() > at.getTime() + 500); // what is tested is that nothing happens
    expect(told).toEqual([]);
  });
});
