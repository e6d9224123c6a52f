import { describe, expect, it } from "vitest";
import { attachment } from "./disposition.ts";
import { parseRange, rangeFor } from "./range.ts";

describe("ranges", () => {
  it.each([
    ["bytes=0-0", { start: 0, end: 0 }], ["bytes=10-19", { start: 10, end: 19 }], ["bytes=90-", { start: 90, end: 99 }],
    ["bytes=-10", { start: 90, end: 99 }], ["bytes=-1000", { start: 0, end: 99 }], ["bytes=50-1000", { start: 50, end: 99 }],
    ["bytes=100-", "unsatisfiable"], ["bytes=-0", "unsatisfiable"], ["bytes=99999999999999999999-", "unsatisfiable"],
    ["bytes=5-2", undefined], ["bytes=0-1,5-6", undefined], ["lines=1-2", undefined], ["bytes=-", undefined], ["bytes=a-b", undefined], [undefined, undefined],
  ])("%s", (header, range) => expect(parseRange(header, 100)).toEqual(range));

  it("of an empty file are none", () => expect(parseRange("bytes=0-", 0)).toBe("unsatisfiable"));

  it("hold only for the version that the client has", () => {
    expect(rangeFor({ range: "bytes=1-2", if_range: '"a"' }, '"a"', 10)).toEqual({ start: 1, end: 2 });
    expect(rangeFor({ range: "bytes=1-2", if_range: '"b"' }, '"a"', 10)).toBeUndefined();
  });
});

describe("file names", () => {
  it("are plain where they can be", () => expect(attachment("shop_postgresql_20261120_1.dump.zst")).toBe('attachment; filename="shop_postgresql_20261120_1.dump.zst"'));
  it("hold nothing that ends the header or the quotes", () => {
    expect(attachment('a"b\r\nset-cookie: x/ü;.sql')).toBe(`attachment; filename="a_b__set-cookie_ x___.sql"; filename*=UTF-8''a%22b%0D%0Aset-cookie%3A%20x%2F%C3%BC%3B.sql`);
  });
});
