import fc from "fast-check";
import { expect, it } from "vitest";
import { parseGlob } from "./glob.ts";

it.each([
  ["app_*", ["app_", "app_1", "app_a/b"], ["app", "App_1", "my_app_1"]], ["*", ["", "a", ".hidden", "a/b", "..", "a\nb"], []],
  ["*_test", ["_test", "shop_test", "a_test_test"], ["shop_tests"]], ["a?c", ["abc", "a.c", "a😀c"], ["ac", "abbc"]], ["?", ["é", "😀"], ["", "ab"]],
  ["a*b*c", ["abc", "aXbYc", "abcbc"], ["ab", "acb"]], ["[ab].{x,y}", ["[ab].{x,y}"], ["a.x"]], ["!a", ["!a"], ["b"]], ["a+(b)", ["a+(b)"], ["ab"]],
  ["a\\*b", ["a*b"], ["aXb", "a\\*b"]], ["\\?", ["?"], ["a"]], ["a\\\\b", ["a\\b"], ["ab"]], ["\\a", ["a"], ["\\a"]], ["", [""], ["a"]], ["**", ["", "ab"], []],
])("%j takes %j and leaves %j", (pattern, taken, left) => {
  for (const name of taken) expect(parseGlob(pattern).matches(name), name).toBe(true);
  for (const name of left) expect(parseGlob(pattern).matches(name), name).toBe(false);
});

it("knows a pattern that names one database", () => {
  expect(["postgres", "a\\*", "a?", "*", "[a]"].map((pattern) => parseGlob(pattern).is_literal)).toEqual([true, true, false, false, true]);
});

it("refuses a pattern that ends in the middle of an escape", () => {
  expect(() => parseGlob("a\\")).toThrow(expect.objectContaining({ code: "bad_request", message: "the pattern a\\ ends with a \\ that nothing follows" }));
});

it("takes any name by its escaped self, and by itself with parts made wild", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 64 }), fc.nat(64), fc.nat(64), (name, from, to) => {
    const escape = (text: string): string => text.replaceAll(/[\\*?]/g, "\\$&");
    const signs = Array.from(name);
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    expect(parseGlob(escape(name)).matches(name)).toBe(true);
    expect(parseGlob(escape(name)).matches(`${name}x`)).toBe(false);
    expect(parseGlob(`${escape(signs.slice(0, start).join(""))}*${escape(signs.slice(end).join(""))}`).matches(name)).toBe(true);
  }));
});

it("ends soon whatever the pattern", () => {
  const pattern = parseGlob(`${"*a".repeat(100)}b`);
  expect(pattern.matches("a".repeat(64))).toBe(false); // a regular expression would try 10^18 ways
});
