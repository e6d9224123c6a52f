import type { Contents } from "@safebase/contracts";
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";

const contents = (tables: Record<string, number>, exact = true): Contents => ({ tables: Object.entries(tables).map(([name, rows]) => ({ name, rows, exact })) });

describe("what a test restore found", () => {
  test("is no difference when tables and rows are the same, in whatever order", () => {
    expect(compare(contents({ a: 1, b: 2 }), contents({ b: 2, a: 1 }))).toEqual({ tables: 2, rows: 3, differences: [], warnings: [] });
    expect(compare(contents({}), contents({}))).toEqual({ tables: 0, rows: 0, differences: [], warnings: [] });
  });

  test("differs by a table that is missing, one too many, and by rows", () => {
    expect(compare(contents({ a: 1, gone: 7, c: 3 }), contents({ a: 2, c: 3, extra: 0 })).differences).toEqual([
      { table: "a", expected_rows: 1, found_rows: 2 }, { table: "gone", expected_rows: 7, found_rows: null }, { table: "extra", expected_rows: null, found_rows: 0 },
    ]);
  });

  test("is not held to estimates, and says so", () => {
    const found = compare(contents({ a: 100, b: 5 }, false), contents({ a: 90, b: 0 }));
    expect(found).toMatchObject({ rows: 90, differences: [] });
    expect(found.warnings.map(({ code, message }) => [code, message.split(": ").at(-1)])).toEqual([["rows_not_compared", "a, b"], ["empty_after_restore", "b"]]);
  });

  test("is not held to what could not be counted, and says so", () => {
    const { differences, warnings } = compare(contents({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }), contents({ a: 0, b: 0, c: 0, d: 0, e: 0, f: 0 }, false));
    expect([differences, warnings]).toEqual([[], [{ code: "rows_not_counted", message: expect.stringMatching(/: a, b, c, d, e and 1 more$/) }]]);
  });
});
