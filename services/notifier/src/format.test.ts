import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatTime } from "./format.ts";

/** Intl puts spaces that do not break between a number and its unit. */
const plain = (text: string): string => text.replace(/\s/g, " ");

describe("figures in words", () => {
  it.each([
    [0, "0 bytes", "0 octet"], [1, "1 byte", "1 octet"], [999, "999 bytes", "999 octets"], [1_000, "1 kB", "1 ko"], [1_500_000, "1.5 MB", "1,5 Mo"],
    [2_340_000_000, "2.3 GB", "2,3 Go"], [5e15, "5 PB", "5 Po"], [5e18, "5,000 PB", "5 000 Po"],
  ])("says %d bytes as %s", (bytes, english, french) => {
    expect([plain(formatBytes(bytes, "en-GB")), plain(formatBytes(bytes, "fr-FR"))]).toEqual([english, french]);
  });

  it.each([
    [0, "0 seconds", "0 seconde"], [1_234, "1.2 seconds", "1,2 seconde"], [59_999, "1 minute", "1 minute"], [60_000, "1 minute", "1 minute"], [3_599_000, "59 minutes, 59 seconds", "59 minutes et 59 secondes"],
    [3_600_000, "1 hour", "1 heure"], [90_061_000, "1 day, 1 hour", "1 jour et 1 heure"], [86_400_000 * 12 + 5_000, "12 days", "12 jours"],
  ])("says %d ms as %s", (ms, english, french) => {
    expect([plain(formatDuration(ms, "en-GB")), plain(formatDuration(ms, "fr-FR"))]).toEqual([english, french]);
  });

  it("says a time in UTC, whatever the zone of the machine", () => {
    expect(plain(formatTime("2026-07-02T23:59:59.000Z", "en-GB"))).toBe("2 July 2026 at 23:59:59 UTC");
    expect(plain(formatTime("2026-07-02T23:59:59.000Z", "fr-FR"))).toBe("2 juillet 2026 à 23:59:59 UTC");
  });

  it("counts in the language's own way", () => {
    expect([0, 1, 2].map((count) => formatCount(count, ["backup failed", "backups failed"], "en-GB"))).toEqual(["0 backups failed", "1 backup failed", "2 backups failed"]);
    expect([0, 1, 2].map((count) => formatCount(count, ["échec", "échecs"], "fr-FR"))).toEqual(["0 échec", "1 échec", "2 échecs"]);
  });
});
