import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarOf } from "./periods.ts";

describe("the periods of a moment", () => {
  it.each([
    ["UTC", "2026-01-01T00:00:00.000Z", "2026-01-01", "2026-W01"],
    ["UTC", "2027-01-01T12:00:00.000Z", "2027-01-01", "2026-W53"],
    ["UTC", "2027-01-03T23:59:59.999Z", "2027-01-03", "2026-W53"],
    ["UTC", "2027-01-04T00:00:00.000Z", "2027-01-04", "2027-W01"],
    ["UTC", "2024-12-30T00:00:00.000Z", "2024-12-30", "2025-W01"],
    ["UTC", "2023-01-01T00:00:00.000Z", "2023-01-01", "2022-W52"],
    // The same moment is another day, year and week elsewhere.
    ["America/New_York", "2026-01-01T04:59:59.999Z", "2025-12-31", "2026-W01"],
    ["Pacific/Kiritimati", "2025-12-31T10:00:00.000Z", "2026-01-01", "2026-W01"],
    ["Asia/Kolkata", "2026-06-30T18:29:59.999Z", "2026-06-30", "2026-W27"],
    ["Asia/Kolkata", "2026-06-30T18:30:00.000Z", "2026-07-01", "2026-W27"],
    // The days on which clocks change have 23 and 25 hours.
    ["Europe/Paris", "2026-03-28T23:00:00.000Z", "2026-03-29", "2026-W13"],
    ["Europe/Paris", "2026-03-29T21:59:59.999Z", "2026-03-29", "2026-W13"],
    ["Europe/Paris", "2026-03-29T22:00:00.000Z", "2026-03-30", "2026-W14"],
    ["America/New_York", "2026-11-01T04:00:00.000Z", "2026-11-01", "2026-W44"],
    ["America/New_York", "2026-11-02T04:59:59.999Z", "2026-11-01", "2026-W44"],
    ["America/New_York", "2026-11-02T05:00:00.000Z", "2026-11-02", "2026-W45"],
    // Samoa had no 30th of December 2011.
    ["Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29", "2011-W52"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31", "2011-W52"],
  ])("in %s, %s is in %s and %s", (timezone, at, daily, weekly) => {
    expect(calendarOf(timezone)(at)).toEqual({ daily, weekly, monthly: daily.slice(0, 7), yearly: daily.slice(0, 4) });
  });

  it("keep the order of time, but for the hour that is lived twice", () => {
    const zones = fc.constantFrom("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu");
    const time = fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true });
    fc.assert(fc.property(zones, time, time, (timezone, a, b) => {
      const [before, after] = a < b ? [a, b] : [b, a];
      const [earlier, later] = [before, after].map((at) => calendarOf(timezone)(at.toISOString()));
      for (const tier of ["daily", "weekly", "monthly", "yearly"] as const) expect(earlier![tier] <= later![tier]).toBe(true);
    }));
  });

  it("need a time zone that exists", () => {
    expect(() => calendarOf("Mars/Olympus")).toThrow(/time zone/i);
  });
});
