import { describe, expect, it } from "vitest";
import { expandCron, lastPlanned, nextPlanned, nextPlannedTimes } from "./planned.ts";

const utc = (time: Date): string => time.toISOString().slice(5, 16);

/** All planned times in a span, its end included, as month, day, hour and minute in UTC. */
function between(cron: string, timezone: string, from: string, to: string): string {
  const times: string[] = [];
  for (let at = new Date(from); ;) {
    const next = nextPlanned({ cron, timezone }, at);
    if (next === undefined || next > new Date(to)) return times.join(" ");
    times.push(utc(at = next));
  }
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
    expect(nextPlannedTimes({ cron, timezone }, new Date(after), expected.length).map((time) => time.toISOString())).toEqual(expected);
  });

  it("do not exist for a day that never comes", () => {
    const plan = { cron: "0 0 31 2 *", timezone: "Europe/Paris" };
    expect([nextPlanned(plan, new Date()), lastPlanned(plan, new Date()), nextPlannedTimes(plan, new Date(), 3)]).toEqual([undefined, undefined, []]);
  });

  it.each([["nonsense", "UTC"], ["61 * * * *", "UTC"], ["", "UTC"], ["0 0 * * *", "Mars/Phobos"], ["0 * * * *", "Mars/Phobos"]])("of %s in %s are refused", (cron, timezone) => {
    expect(() => nextPlanned({ cron, timezone }, new Date())).toThrow();
  });

  it("of a nickname are those of its five fields", () => {
    expect(["@daily", " @Weekly ", "0  3 * * *", "@reboot"].map(expandCron)).toEqual(["0 0 * * *", "0 0 * * 0", "0 3 * * *", "@reboot"]);
  });
});

describe("when the clocks are put forward", () => {
  it.each([
    ["30 2 * * *", "Europe/Paris", "2026-03-28T00:00Z", "2026-03-31T00:00Z", "03-28T01:30 03-29T01:00 03-30T00:30"], // at 3:00, when 2:30 is skipped
    ["30 2 * * *", "America/New_York", "2026-03-07T00:00Z", "2026-03-10T00:00Z", "03-07T07:30 03-08T07:00 03-09T06:30"],
    ["*/15 2 * * *", "Europe/Paris", "2026-03-28T20:00Z", "2026-03-29T20:00Z", "03-29T01:00"],
    ["0 1,2,3 * * *", "Europe/Paris", "2026-03-28T20:00Z", "2026-03-29T20:00Z", "03-29T00:00 03-29T01:00"],
    ["0 * * * *", "Europe/Paris", "2026-03-28T23:30Z", "2026-03-29T03:30Z", "03-29T00:00 03-29T01:00 03-29T02:00 03-29T03:00"],
    ["0 * * * *", "America/New_York", "2026-03-08T05:30Z", "2026-03-08T08:30Z", "03-08T06:00 03-08T07:00 03-08T08:00"],
    ["*/15 * * * *", "Europe/Paris", "2026-03-29T00:40Z", "2026-03-29T01:20Z", "03-29T00:45 03-29T01:00 03-29T01:15"],
    ["*/15 * * * *", "America/New_York", "2026-03-08T06:40Z", "2026-03-08T07:20Z", "03-08T06:45 03-08T07:00 03-08T07:15"],
    ["@daily", "Europe/Paris", "2026-03-28T12:00Z", "2026-03-30T12:00Z", "03-28T23:00 03-29T22:00"],
    ["@daily", "America/New_York", "2026-03-07T12:00Z", "2026-03-09T12:00Z", "03-08T05:00 03-09T04:00"],
    ["@daily", "Africa/Cairo", "2026-04-22T12:00Z", "2026-04-25T12:00Z", "04-22T22:00 04-23T22:00 04-24T21:00"], // no midnight on the 24th
    ["@daily", "America/Havana", "2026-03-06T12:00Z", "2026-03-09T12:00Z", "03-07T05:00 03-08T05:00 03-09T04:00"],
    ["15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00Z", "2026-10-05T00:00Z", "10-02T15:45 10-03T15:30 10-04T15:15"], // by half an hour
  ])("%s in %s loses nothing and doubles nothing", (cron, timezone, from, to, expected) => {
    expect(between(cron, timezone, from, to)).toBe(expected);
  });
});

describe("when the clocks are put back", () => {
  it.each([
    ["30 2 * * *", "Europe/Paris", "2026-10-24T00:00Z", "2026-10-27T00:00Z", "10-24T00:30 10-25T00:30 10-26T01:30"],
    ["30 1 * * *", "America/New_York", "2026-10-31T00:00Z", "2026-11-03T00:00Z", "10-31T05:30 11-01T05:30 11-02T06:30"],
    ["30 2 * * *", "America/New_York", "2026-10-31T00:00Z", "2026-11-03T00:00Z", "10-31T06:30 11-01T07:30 11-02T07:30"],
    ["*/15 2 * * *", "Europe/Paris", "2026-10-24T20:00Z", "2026-10-25T20:00Z", "10-25T00:00 10-25T00:15 10-25T00:30 10-25T00:45"],
    ["0 1,2,3 * * *", "Europe/Paris", "2026-10-24T20:00Z", "2026-10-25T20:00Z", "10-24T23:00 10-25T00:00 10-25T02:00"],
    ["0 * * * *", "Europe/Paris", "2026-10-24T22:30Z", "2026-10-25T02:30Z", "10-24T23:00 10-25T00:00 10-25T01:00 10-25T02:00"],
    ["0 * * * *", "America/New_York", "2026-11-01T04:30Z", "2026-11-01T07:30Z", "11-01T05:00 11-01T06:00 11-01T07:00"],
    ["*/15 * * * *", "Europe/Paris", "2026-10-25T00:40Z", "2026-10-25T01:20Z", "10-25T00:45 10-25T01:00 10-25T01:15"],
    ["*/15 * * * *", "America/New_York", "2026-11-01T05:40Z", "2026-11-01T06:20Z", "11-01T05:45 11-01T06:00 11-01T06:15"],
    ["@daily", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-26T12:00Z", "10-24T22:00 10-25T23:00"],
    ["@daily", "America/New_York", "2026-10-31T12:00Z", "2026-11-02T12:00Z", "11-01T04:00 11-02T05:00"],
    ["@daily", "America/Havana", "2026-10-31T12:00Z", "2026-11-02T12:00Z", "11-01T04:00 11-02T05:00"], // midnight comes twice
  ])("%s in %s loses nothing and doubles nothing", (cron, timezone, from, to, expected) => {
    expect(between(cron, timezone, from, to)).toBe(expected);
  });
});

describe("the newest planned time", () => {
  it("is one that has come, the instant itself included", () => {
    const plan = { cron: "0 * * * *", timezone: "UTC" };
    const by = (text: string) => lastPlanned(plan, new Date(text))?.toISOString();
    expect(by("2026-01-01T05:30:00.000Z")).toBe("2026-01-01T05:00:00.000Z");
    expect(by("2026-01-01T05:00:00.000Z")).toBe("2026-01-01T05:00:00.000Z");
    expect(by("2026-01-01T04:59:59.999Z")).toBe("2026-01-01T04:00:00.000Z");
  });

  it.each(["Europe/Paris", "America/New_York", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "UTC"])("is in %s the last of those that came one after another", (timezone) => {
    for (const cron of ["30 2 * * *", "*/15 * * * *", "@daily", "0 1,2,3 * * *", "*/15 2 * * *"]) {
      for (const day of ["2026-03-08", "2026-03-29", "2026-04-24", "2026-10-04", "2026-10-25", "2026-11-01"]) {
        const noon_ms = Date.parse(`${day}T12:00:00Z`);
        let last = nextPlanned({ cron, timezone }, new Date(noon_ms - 48 * 3_600_000)) as Date;
        for (let by_ms = noon_ms - 20 * 3_600_000; by_ms < noon_ms + 6 * 3_600_000; by_ms += 1_650_000) {
          for (let next = last; next.getTime() <= by_ms; next = nextPlanned({ cron, timezone }, next) as Date) last = next;
          expect(lastPlanned({ cron, timezone }, new Date(by_ms)), `${cron} by ${new Date(by_ms).toISOString()}`).toEqual(last);
        }
      }
    }
  });
});
