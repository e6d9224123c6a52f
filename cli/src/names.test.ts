import { expect, it } from "vitest";
import type { Database } from "./api.ts";
import { parseNumber, pick } from "./names.ts";
import { EXIT } from "./problem.ts";
import { en } from "./texts/en.ts";

const databases = [{ id: 1, name: "shop" }, { id: 2, name: "twin" }, { id: 3, name: "twin" }, { id: 4, name: "1" }] as Database[];

it("a name, an id, and an id rather than a name that is a number", () => {
  expect(pick(databases, "shop", en).id).toBe(1);
  expect(pick(databases, "2", en).id).toBe(2);
  expect(pick(databases, "1", en).id).toBe(1);
});

it("a name of several databases is a question, one of none an error", () => {
  expect(() => pick(databases, "twin", en)).toThrow(/by its id, one of 2, 3$/);
  expect(() => pick(databases, "Shop", en)).toThrow(expect.objectContaining({ exit: EXIT.failed, message: "there is no database Shop" }));
});

it("a number is a whole one, within its limits", () => {
  expect(parseNumber(0, 10)("10")).toBe(10);
  for (const text of ["11", "-1", "1.5", "", "x"]) expect(() => parseNumber(0, 10)(text)).toThrow("0–10");
});
