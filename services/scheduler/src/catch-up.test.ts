import { describe, expect, it } from "vitest";
import { newestOf } from "./book.ts";
import { emissionOf, triggerOf, wasEmitted, type Emission, type Known } from "./catch-up.ts";

const at = (text: string): Date => new Date(text);

function schedule(known: Partial<Known> = {}): Known {
  return { schedule_id: 1, cron: "0 * * * *", timezone: "UTC", jitter_s: 0, since_ms: Date.parse("2026-01-01T00:00:00Z"), written_at_ms: Date.parse("2026-01-01T00:00:01Z"), ...known };
}

/** What a scheduler that starts at `now` emits, as `id planned trigger`. */
function caughtUp(schedules: Known[], watermark: string | undefined, now: string): string[] {
  const until = watermark === undefined ? undefined : at(watermark);
  return [...newestOf(schedules, at(now))].filter((each) => each.due_at <= at(now) && !wasEmitted(each, until, at(now)))
    .map((each) => `${each.schedule.schedule_id} ${each.planned_at.toISOString().slice(0, 16)} ${triggerOf(each, at(now))}`);
}

describe("a scheduler that starts", () => {
  it("emits the newest of what was missed, once, and says so", () => {
    expect(caughtUp([schedule()], "2026-03-01T02:30:00Z", "2026-03-01T06:10:00Z")).toEqual(["1 2026-03-01T06:00 catch_up"]);
  });

  it("calls what is a few seconds late scheduled", () => {
    expect(caughtUp([schedule()], "2026-03-01T05:59:58Z", "2026-03-01T06:00:10Z")).toEqual(["1 2026-03-01T06:00 scheduled"]);
    expect(caughtUp([schedule()], "2026-03-01T05:59:58Z", "2026-03-01T06:00:11Z")).toEqual(["1 2026-03-01T06:00 catch_up"]);
  });

  it("emits nothing that was emitted before it", () => {
    expect(caughtUp([schedule()], "2026-03-01T06:00:00Z", "2026-03-01T06:10:00Z")).toEqual([]);
  });

  it("finds nothing to catch up on for new schedules, changed ones, and resumed ones", () => {
    expect(caughtUp([schedule({ since_ms: Date.parse("2026-03-01T06:00:00Z") })], undefined, "2026-03-01T06:10:00Z")).toEqual([]);
    expect(caughtUp([schedule({ since_ms: Date.parse("2026-03-01T06:05:00Z") })], "2026-03-01T01:00:00Z", "2026-03-01T06:10:00Z")).toEqual([]);
  });

  it("goes by each schedule's own beginning when NATS has lost the watermark, or a wrong clock wrote it", () => {
    for (const watermark of [undefined, "2027-03-01T06:00:00Z"]) {
      expect(caughtUp([schedule(), schedule({ schedule_id: 2, since_ms: Date.parse("2026-03-01T06:00:01Z") })], watermark, "2026-03-01T06:10:00Z")).toEqual(["1 2026-03-01T06:00 catch_up"]);
    }
  });

  it("does not believe a watermark that is older than an entry: who wrote it did not know of it", () => {
    const late = schedule({ schedule_id: 2, written_at_ms: Date.parse("2026-03-01T06:05:00Z") });
    expect(caughtUp([schedule(), late], "2026-03-01T06:01:00Z", "2026-03-01T06:10:00Z")).toEqual(["2 2026-03-01T06:00 catch_up"]);
  });

  it.each([
    ["30 2 * * *", "Europe/Paris", "2026-03-29T04:00:00Z", "2026-03-29T01:00"], // 2:30 was skipped
    ["30 2 * * *", "Europe/Paris", "2026-10-25T01:40:00Z", "2026-10-25T00:30"], // 2:30 for the second time
    ["0 * * * *", "Europe/Paris", "2026-10-25T01:40:00Z", "2026-10-25T01:00"],
    ["*/15 * * * *", "Europe/Paris", "2026-03-29T01:05:00Z", "2026-03-29T01:00"],
    ["30 2 * * *", "America/New_York", "2026-03-08T07:10:00Z", "2026-03-08T07:00"],
    ["30 1 * * *", "America/New_York", "2026-11-01T06:40:00Z", "2026-11-01T05:30"],
    ["*/15 * * * *", "America/New_York", "2026-11-01T06:50:00Z", "2026-11-01T06:45"],
    ["@daily", "America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T05:00"],
    ["@daily", "Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00"], // midnight was skipped
  ])("in a night when the clocks change, %s in %s: once, at the time at which it would have been", (cron, timezone, now, planned) => {
    const one = schedule({ cron, timezone });
    expect(caughtUp([one], "2026-03-01T00:00:00Z", now)).toEqual([`1 ${planned} catch_up`]);
    expect(caughtUp([one], `${planned}:00Z`, now)).toEqual([]);
  });
});

describe("jitter", () => {
  const emission = (id: number, jitter_s: number, planned = "2026-03-01T06:00:00Z"): Emission => {
    const found = emissionOf(schedule({ schedule_id: id, jitter_s }), at(planned));
    if (found === undefined) throw new Error("there is none");
    return found;
  };
  const delay_s = (each: Emission): number => (each.due_at.getTime() - each.planned_at.getTime()) / 1000;

  it("is none unless asked for", () => {
    expect(delay_s(emission(1, 0))).toBe(0);
  });

  it("is the same for one schedule and time, differs between them, and fills its span", () => {
    const delays = Array.from({ length: 400 }, (_, id) => delay_s(emission(id, 600)));
    expect(delays).toEqual(Array.from({ length: 400 }, (_, id) => delay_s(emission(id, 600))));
    expect(delay_s(emission(1, 600))).not.toBe(delay_s(emission(1, 600, "2026-03-01T07:00:00Z")));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThan(600);
    for (let tenth = 0; tenth < 10; tenth++) expect(delays.filter((each) => Math.floor(each / 60) === tenth).length).toBeGreaterThan(15);
  });

  it("is no lateness, and no reason to catch up", () => {
    const one = emission(1, 600);
    expect(triggerOf(one, new Date(one.due_at.getTime() + 10_000))).toBe("scheduled");
    expect(wasEmitted(one, new Date(one.due_at.getTime() - 1), new Date(one.due_at.getTime() + 1))).toBe(false);
    expect(wasEmitted(one, one.due_at, new Date(one.due_at.getTime() + 1))).toBe(true);
  });
});
