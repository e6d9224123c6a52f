import fc from "fast-check";
import { isKey } from "@safebase/storage";
import { describe, expect, it } from "vitest";
import { artifactStem, manifestKey, parseStem, safeName } from "./key.ts";

const created_at = new Date("2026-01-02T23:04:05.999Z");

describe("stems", () => {
  it("have the documented form, in UTC", () => {
    expect(artifactStem({ type: "postgresql", name: "My shop", created_at, backup_id: 42 })).toBe("postgresql/My-shop_postgresql_20260102_230405_42");
  });

  it.each([
    ["../../etc/passwd", "etc-passwd"], ["", "database"], ["..", "database"], ["---", "database"], [".hidden", "hidden"], ["a\u0000b", "a-b"],
    ["a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"], ["x=y;z", "x-y-z"], ["店铺", "店铺"], ["cafe\u0301", "café"], ["\u202egpj", "gpj"], ["a\ud800b", "a-b"],
  ])("make the name %j safe", (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  it("are keys of a storage and can be read back, whatever the name", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.constantFrom("postgresql", "mysql", "mariadb"), fc.integer({ min: 1 }), (name, type, backup_id) => {
      const stem = artifactStem({ type, name, created_at, backup_id });
      expect(isKey(manifestKey(stem))).toBe(true);
      expect(stem.split("/")).toHaveLength(2);
      expect(Buffer.byteLength(stem)).toBeLessThan(150);
      expect(parseStem(stem)).toEqual({ type, name: safeName(name), created_at: new Date("2026-01-02T23:04:05Z"), backup_id });
      expect(safeName(safeName(name))).toBe(safeName(name));
    }), { numRuns: 2000 });
  });

  it.each(["", "oracle/x_oracle_20260102_230405_1", "mysql/x_mariadb_20260102_230405_1", "mysql/../x_mysql_20260102_230405_1",
    "mysql/x_mysql_20261302_230405_1", "mysql/x_mysql_20260102_230405_0", "mysql/x_mysql_20260102_230405_99999999999999999"])("do not include %j", (stem) => {
    expect(parseStem(stem)).toBeUndefined();
  });
});
