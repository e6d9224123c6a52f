import { describe, expect, it } from "vitest";
import { isTimeZone, lastDays } from "./days.ts";

describe("the last days", () => {
  it("of UTC begin at midnight", () => {
    expect(lastDays(2, "UTC", new Date("2026-03-01T10:00:00Z"))).toEqual([
      { date: "2026-02-28", since: "2026-02-28T00:00:00.000Z", until: "2026-03-01T00:00:00.000Z" }, { date: "2026-03-01", since: "2026-03-01T00:00:00.000Z", until: "2026-03-02T00:00:00.000Z" },
    ]);
  });
  it("of Nepal begin at a quarter past, and today is theirs", () => {
    expect(lastDays(1, "Asia/Kathmandu", new Date("2026-03-01T18:20:00Z"))).toEqual([{ date: "2026-03-02", since: "2026-03-01T18:15:00.000Z", until: "2026-03-02T18:15:00.000Z" }]);
  });
  it.each([["Europe/Paris", "2026-03-29", 23], ["Europe/Paris", "2026-10-25", 25], ["Africa/Cairo", "2026-04-24", 23]])("of %s: %s has %d hours", (time_zone, date, hours) => {
    const day = lastDays(3, time_zone, new Date(`${date}T12:00:00Z`)).find((each) => each.date === date)!;
    expect((Date.parse(day.until) - Date.parse(day.since)) / 3_600_000).toBe(hours);
  });
  it("follow each other without a gap", () => {
    const days = lastDays(365, "America/Havana", new Date("2026-11-20T12:00:00Z"));
    expect(days).toHaveLength(365);
    expect(days.slice(1).every(({ since }, index) => since === days[index]!.until)).toBe(true);
  });
});

it.each([["Europe/Paris", true], ["UTC", true], ["+02:00", false], ["Mars/Phobos", false], ["", false]])("%j is a time zone: %s", (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
