import { describe, expect, it } from "vitest";
import { nextPlanned, planKey } from "./plan.ts";

function planned(cron: string, timezone: string, after: string, count: number): string[] {
  const times: string[] = [];
  for (let at = new Date(after); times.length < count;) {
    const next = nextPlanned({ cron, timezone }, at, at);
    if (next === undefined) break;
    times.push(next.toISOString());
    at = next;
  }
  return times;
}

describe("planned times", () => {
  it.each([
    ["*/15 * * * *", "UTC", "2026-01-01T00:07:30Z", ["2026-01-01T00:15:00.000Z", "2026-01-01T00:30:00.000Z"]],
    ["@daily", "UTC", "2026-01-01T00:00:00Z", ["2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"]],
    ["@hourly", "UTC", "2026-01-01T00:00:00Z", ["2026-01-01T01:00:00.000Z"]],
    ["0 3 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", ["2026-01-01T21:30:00.000Z"]],
    ["0 3 * * 7", "UTC", "2026-01-01T00:00:00Z", ["2026-01-04T03:00:00.000Z"]], // 7 is Sunday, as 0 is
    ["0 3 * * MON-FRI", "UTC", "2026-01-02T12:00:00Z", ["2026-01-05T03:00:00.000Z"]],
    ["0 3 1 * 1", "UTC", "2026-01-01T12:00:00Z", ["2026-01-05T03:00:00.000Z"]], // day of month or of week
    ["0 3 29 2 *", "UTC", "2026-01-01T00:00:00Z", ["2028-02-29T03:00:00.000Z"]],
    ["*/10 * * * * *", "UTC", "2026-01-01T00:00:00Z", ["2026-01-01T00:00:10.000Z", "2026-01-01T00:00:20.000Z"]],
  ])("of %s in %s", (cron, timezone, after, expected) => {
    expect(planned(cron, timezone, after, expected.length)).toEqual(expected);
  });

  it("in a night that loses an hour: once, after the gap", () => {
    expect(planned("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("in a night that has an hour twice: once a day, yet every hour", () => {
    expect(planned("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z",
    ]);
    expect(planned("30 * * * *", "Europe/Berlin", "2026-10-24T23:00:00Z", 3)).toEqual([
      "2026-10-24T23:30:00.000Z", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z",
    ]);
  });

  it("that passed unseen are one: the newest", () => {
    const plan = { cron: "0 * * * *", timezone: "UTC" };
    const at = (text: string) => new Date(text);
    expect(nextPlanned(plan, at("2026-01-01T01:00:00Z"), at("2026-01-01T05:30:00Z"))).toEqual(at("2026-01-01T05:00:00Z"));
    expect(nextPlanned(plan, at("2026-01-01T01:00:00Z"), at("2026-01-01T02:00:00Z"))).toEqual(at("2026-01-01T02:00:00Z"));
    expect(nextPlanned(plan, at("2026-01-01T01:00:00Z"), at("2026-01-01T01:59:59Z"))).toEqual(at("2026-01-01T02:00:00Z"));
  });

  it("do not exist for a day that never comes", () => {
    expect(nextPlanned({ cron: "0 0 31 2 *", timezone: "UTC" }, new Date(), new Date())).toBeUndefined();
  });

  it.each([["nonsense", "UTC"], ["61 * * * *", "UTC"], ["", "UTC"], ["0 0 * * *", "Mars/Phobos"]])("of %s in %s are refused", (cron, timezone) => {
    expect(() => nextPlanned({ cron, timezone }, new Date(), new Date())).toThrow();
  });

  it("are shared by plans that differ in white space alone", () => {
    expect(planKey({ cron: " 0  3 * * *", timezone: "UTC" })).toBe(planKey({ cron: "0 3 * * *", timezone: "UTC" }));
    expect(planKey({ cron: "0 3 * * *", timezone: "UTC" })).not.toBe(planKey({ cron: "0 3 * * *", timezone: "Europe/Berlin" }));
  });
});
