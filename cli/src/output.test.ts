import { expect, it } from "vitest";
import { bytes, cut, duration, plain, table } from "./output.ts";
import { en } from "./texts/en.ts";
import { fr } from "./texts/fr.ts";

it("a table is as wide as it needs to be, and numbers stand to the right", () => {
  expect(table(["ID", "NAME"], [[7, "shop"], [12, null]])).toEqual(["ID  NAME", " 7  shop", "12  -"]);
});

it("what others wrote moves no cursor", () => {
  expect(plain("a\u001B[2Jb\nc\u009Bd")).toBe("a [2Jb c d");
  expect(table(["NAME"], [["\u001B]0;x\u0007y"]])).toEqual(["NAME", " ]0;x y"]);
});

it("text is cut to fit", () => {
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(cut("abcd", 4)).toBe("abcd");
});

it.each([[0, "0 B"], [999, "999 B"], [1000, "1 kB"], [12_345_678, "12.3 MB"], [5e15, "5,000 TB"], [null, "-"]])("%s bytes are %s", (count, text) => {
  expect(bytes(count, en)).toBe(text);
});

it("numbers are as the language writes them", () => {
  expect(bytes(1500, fr)).toBe("1,5 ko");
  expect(duration(400, fr)).toBe("0,4 s");
  expect(duration(200_400, en)).toBe("3 min 20 s");
});
