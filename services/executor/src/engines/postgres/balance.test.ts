import { describe, expect, it } from "vitest";
import { balance } from "./balance.ts";
import type { TableFacts } from "./count.ts";

const table = (table_name: string, size_bytes: number): TableFacts => ({ schema_name: "s", table_name, size_bytes, estimated_rows: 1, countable: true });
const names = (parts: TableFacts[][]): string[][] => parts.map((part) => part.map(({ table_name }) => table_name));

describe("tables are spread over parts", () => {
  it("of about the same size; what the last one takes is not named", () => {
    expect(names(balance([table("a", 10), table("b", 60), table("c", 50), table("d", 20)], 40, 3))).toEqual([["b"], ["c", "a"]]);
    expect(names(balance([table("a", 10), table("b", 60), table("c", 50), table("d", 20)], 0, 2))).toEqual([["b", "a"]]);
  });

  it("of which none is empty: there may be fewer than were asked for", () => {
    expect(balance([], 100, 4)).toEqual([]);
    expect(balance([table("empty", 0)], 0, 4)).toEqual([]);
    expect(names(balance([table("only", 1)], 0, 4))).toEqual([["only"]]);
    expect(balance([table("a", 1)], 0, 1)).toEqual([]);
  });

  it("of which a bounded number is named, the largest", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => table(`t${n}`, n));
    const named = balance(many, 0, 4).flat();
    expect(named.length).toBeLessThanOrEqual(200);
    expect(Math.min(...named.map(({ size_bytes }) => size_bytes))).toBeGreaterThanOrEqual(4_800);
  });
});
