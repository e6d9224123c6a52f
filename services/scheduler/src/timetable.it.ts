import type { Worker } from "node:worker_threads";
import { createLog } from "@safebase/runtime";
import { until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { Timetable } from "./timetable.ts";

const log = createLog("scheduler", "silent");

/** A cron expression for a few seconds from now, with seconds; distinct by time zone. */
function soon(): { cron: string; at: Date } {
  const at = new Date(Math.ceil(Date.now() / 1000 + 2) * 1000);
  return { cron: `${at.getUTCSeconds()} * * * * *`, at };
}

describe("the timetable", () => {
  it("runs a few threads at a time when much is due at once, and forgets nothing", async () => {
    using threads = countThreads();
    const told = new Map<string, Date>();
    await using timetable = new Timetable(log, (key, plannedAt) => { told.set(key, plannedAt); });
    const { cron, at } = soon();
    const zones = Intl.supportedValuesOf("timeZone").slice(0, 25);
    await timetable.set(zones.map((timezone) => ({ cron, timezone })));
    expect(timetable.size).toBe(25);
    await until("all of them", () => told.size === 25);
    expect(new Set([...told.values()].map(Number))).toEqual(new Set([at.getTime()]));
    expect(threads.most).toBeGreaterThan(1);
    expect(threads.most).toBeLessThanOrEqual(4);
  });

  it("tells nothing of a plan that was taken back", async () => {
    const told: string[] = [];
    await using timetable = new Timetable(log, (key) => { told.push(key); });
    const { cron, at } = soon();
    await timetable.set([{ cron, timezone: "UTC" }, { cron, timezone: "Europe/Berlin" }]);
    await timetable.set([{ cron, timezone: "Europe/Berlin" }]);
    await until("the other", () => told.length > 0);
    await until("a little longer", () => Date.now() > at.getTime() + 500); // what is tested is that nothing happens
    expect(told).toEqual([`${cron} in Europe/Berlin`]);
  });

  it("ends while plans are due, and leaves no thread", async () => {
    using threads = countThreads();
    const timetable = new Timetable(log, () => undefined);
    const { cron, at } = soon();
    await timetable.set(Intl.supportedValuesOf("timeZone").slice(0, 10).map((timezone) => ({ cron, timezone })));
    await until("the first thread", () => threads.now > 0);
    await timetable[Symbol.asyncDispose]();
    const most = threads.most;
    expect(threads.now).toBe(0);
    await until("a little longer", () => Date.now() > at.getTime() + 500); // what is tested is that nothing happens
    expect(threads).toMatchObject({ now: 0, most });
    expect(timetable.size).toBe(0);
  });
});

/** How many threads run, and ran at most at once, since the call. */
function countThreads(): { now: number; most: number } & Disposable {
  const count = (thread: Worker): void => {
    threads.most = Math.max(threads.most, ++threads.now);
    thread.once("exit", () => { threads.now--; });
  };
  const threads = { now: 0, most: 0, [Symbol.dispose]: () => { process.off("worker", count); } };
  process.on("worker", count);
  return threads;
}
