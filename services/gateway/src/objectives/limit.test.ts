import { describe, expect, it } from "vitest";
import type { ScheduleTimes } from "../catalog/objectives.ts";
import { longestGap_s } from "./interval.ts";
import { limitOf } from "./limit.ts";

const HOUR_S = 3600, DAY_S = 24 * HOUR_S;
const MADE = "2026-01-01T00:00:00.000Z";
const NOW = new Date("2026-06-10T12:00:00Z"); // a Wednesday

describe("the longest gap of a plan", () => {
  it.each([
    ["0 3 * * *", "UTC", DAY_S], ["*/5 * * * *", "UTC", 300], ["0 */6 * * *", "UTC", 6 * HOUR_S], ["0 3 1 * *", "UTC", 31 * DAY_S], ["0 0 1 1 *", "UTC", 366 * DAY_S],
    ["0 3 * * 1-5", "Europe/Paris", 3 * DAY_S], ["0 8,20 * * *", "America/New_York", 12 * HOUR_S],
    // Most runs follow each other at once; what counts is the weekend from Friday 17:55 to Monday 9:00.
    ["*/5 9-17 * * 1-5", "UTC", 63 * HOUR_S + 300], ["* 9-17 * * 1-5", "UTC", 63 * HOUR_S + 60],
  ])("%s in %s", (cron, timezone, gap_s) => {
    for (let day = 0; day < 7; day++) { // the same on every day of the week
      expect(longestGap_s({ cron, timezone }, new Date(NOW.getTime() + day * DAY_S * 1000)), `day ${day}`).toBe(gap_s);
    }
  });

  it("holds the hour that the clocks give back", () => {
    expect(longestGap_s({ cron: "0 12 * * *", timezone: "Europe/Paris" }, new Date("2026-10-20T00:00:00Z"))).toBe(25 * HOUR_S);
  });

  it("is none for what comes once or never", () => {
    expect(longestGap_s({ cron: "0 0 30 2 *", timezone: "UTC" }, NOW)).toBeUndefined();
  });
});

describe("the limit of an objective", () => {
  const own = { kind: "backup", enabled: 1, max_age_s: null, created_at: MADE } as const;
  const schedule = (cron: string, more: Partial<ScheduleTimes> = {}): ScheduleTimes => ({ database_id: 1, cron, timezone: "UTC", verify_every: null, effective_from: MADE, ...more });

  it("is twice the interval of the schedule that runs most often", () => {
    expect(limitOf(own, [schedule("0 3 * * 0"), schedule("0 3 * * *"), schedule("0 3 1 * *")], NOW)).toEqual({ limit_s: 2 * DAY_S, automatic: true, since: MADE });
  });

  it("follows, for verifications, the runs that are proved", () => {
    const verified = { ...own, kind: "verification" } as const;
    const schedules = [schedule("0 * * * *"), schedule("0 3 * * *", { verify_every: 7 }), schedule("0 3 * * 0", { verify_every: 2 })];
    expect(limitOf(verified, schedules, NOW)).toMatchObject({ limit_s: 14 * DAY_S });
    expect(limitOf(verified, [schedule("0 * * * *")], NOW)).toBeUndefined();
  });

  it("is none without a schedule, and when it is disabled", () => {
    expect(limitOf(own, [], NOW)).toBeUndefined();
    expect(limitOf({ ...own, enabled: 0, max_age_s: 60 }, [schedule("0 3 * * *")], NOW)).toBeUndefined();
  });

  it("is its owner's where he set one", () => {
    expect(limitOf({ ...own, max_age_s: 7200 }, [], NOW)).toEqual({ limit_s: 7200, automatic: false, since: MADE });
    expect(limitOf({ ...own, max_age_s: 7200 }, [schedule("0 3 * * *")], NOW)).toMatchObject({ limit_s: 7200, automatic: false });
  });

  it("counts from when its schedule was set or resumed", () => {
    const later = "2026-05-01T00:00:00.000Z";
    expect(limitOf(own, [schedule("0 3 * * *", { effective_from: later })], NOW)).toMatchObject({ since: later });
    expect(limitOf(own, [schedule("0 3 * * *", { effective_from: "2025-01-01T00:00:00.000Z" })], NOW)).toMatchObject({ since: MADE });
  });
});
