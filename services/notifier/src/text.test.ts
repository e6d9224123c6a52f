import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, escapeWithin, oneLine, shorten } from "./text.ts";

describe("foreign text", () => {
  it("becomes one visible line", () => {
    expect(oneLine(" a\r\nb\t\0c\u2028d\u202Ee\u200Bf\uD800 ")).toBe("a b c d e f\uFFFD");
    expect(oneLine("👩‍👩‍👧 é ü ‰")).toBe("👩‍👩‍👧 é ü ‰");
  });

  it.each([["abcdef", 6, "abcdef"], ["abcdefg", 6, "abcde…"], ["abcd fg", 6, "abcd…"], ["ab👩‍👩‍👧cd", 6, "ab…"], ["👩‍👩‍👧", 1, "…"], ["", 0, ""], ["e\u0301".repeat(4), 6, "e\u0301e\u0301…"]])(
    "is shortened without cutting a character: %s to %d", (text, max, short) => { expect(shorten(text, max)).toBe(short); });

  it("never gets longer than it may, and stays well-formed", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (text, max) => {
      const short = shorten(text, max);
      expect(short.length).toBeLessThanOrEqual(max);
      if (text.length > max) expect(short.isWellFormed() && short.endsWith("…")).toBe(true);
      const escaped = escapeWithin(text, max, escapeHtml);
      expect(escaped.length).toBeLessThanOrEqual(max);
      expect(escaped).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/);
    }));
  });
});
