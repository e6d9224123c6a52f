import { describe, expect, it } from "vitest";
import { createFormat } from "./format.ts";

const [en, fr] = [createFormat("en"), createFormat("fr")];
const spaces = (text: string): string => text.replaceAll(/\s/gu, " ");

describe("sizes", () => {
  it.each([[0, "0 bytes", "0 octet"], [999, "999 bytes", "999 octets"], [1500, "1.5 kB", "1,5 ko"], [123_456_789, "123 MB", "123 Mo"], [2e18, "2,000 PB", "2 000 Po"]])("%d bytes", (count, english, french) => {
    expect([en.bytes(count), spaces(fr.bytes(count))]).toEqual([english, french]);
  });
});

describe("times", () => {
  const now = Date.parse("2026-01-15T12:00:00Z");
  it.each([["2026-01-15T11:57:00Z", "3 minutes ago"], ["2026-01-14T12:00:00Z", "yesterday"], ["2026-01-15T11:00:20Z", "1 hour ago"], ["2026-03-20T12:00:00Z", "in 2 months"], ["2023-01-15T12:00:00Z", "3 years ago"]])("%s is %s", (iso, expected) => {
    expect(en.ago(iso, now)).toBe(expected);
  });
  it.each([[420, "0.4 s"], [42_000, "42 s"], [125_000, "2 min 5 s"], [7_500_000, "2 h 5 min"]])("%d ms took %s", (ms, expected) => {
    expect(en.duration(ms)).toBe(expected);
  });
});
