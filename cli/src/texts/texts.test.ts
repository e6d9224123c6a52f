import { expect, it } from "vitest";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { textsFor } from "./texts.ts";

it.each([
  [{ LANG: "fr_FR.UTF-8" }, fr], [{ LANG: "fr" }, fr], [{ LC_ALL: "C", LANG: "fr_FR.UTF-8" }, en], [{ LC_ALL: "", LANG: "fr_CH" }, fr], [{ LANG: "fro_XX" }, en], [{}, en],
])("%j", (env, texts) => {
  expect(textsFor(env)).toBe(texts);
});

it("nothing was left in English: what is the same in both languages is meant to be", () => {
  expect(stringsOf(fr).filter((text) => stringsOf(en).includes(text))).toEqual(["ID", "TYPE", "FORMAT", "TABLES", "COPIES"]);
});

function stringsOf(texts: object): string[] {
  return Object.values(texts).flatMap((value: unknown) => (typeof value === "string" ? [value] : typeof value === "object" && value !== null ? stringsOf(value) : []));
}
