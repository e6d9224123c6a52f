import { expect, it } from "vitest";
import { clockChanges } from "./clock-changes.ts";

it.each([
  ["30 2 * * *", "Europe/Paris", "2026-01-10T12:00:00Z", ["2026-03-29T01:00 skipped", "2026-10-25T00:30 repeated"]],
  ["0 3 * * *", "Europe/Paris", "2026-01-10T12:00:00Z", []], // what the clocks show after the leap is no time that they skip
  ["0 1,2,3 * * *", "Europe/Paris", "2026-01-10T12:00:00Z", ["2026-10-25T00:00 repeated"]], // 2:00 falls on 3:00, which runs anyhow
  ["30 1 * * *", "America/New_York", "2026-06-01T00:00:00Z", ["2026-11-01T05:30 repeated"]],
  ["30 2 * * 1-5", "Europe/Paris", "2026-01-10T12:00:00Z", []], // the clocks are changed on Sundays
  ["*/15 * * * *", "Europe/Paris", "2026-01-10T12:00:00Z", []], ["30 2 * * *", "UTC", "2026-01-10T12:00:00Z", []],
  ["@daily", "Africa/Cairo", "2026-04-01T12:00:00Z", ["2026-04-23T22:00 skipped"]],
  ["15 2 * * *", "Europe/Paris", "2026-10-25T00:20:00Z", ["2027-03-28T01:00 skipped"]], // the repeated one of this day is over
])("%s in %s, seen from %s: %j", (cron, timezone, after, expected) => {
  expect(clockChanges({ cron, timezone }, new Date(after)).map(({ at, kind }) => `${at.toISOString().slice(0, 16)} ${kind}`)).toEqual(expected);
});
