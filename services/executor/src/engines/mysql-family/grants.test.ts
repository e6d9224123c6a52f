import { describe, expect, it } from "vitest";
import { parseGrants } from "./grants.ts";

describe("parseGrants", () => {
  it("tells global, database-wide and table grants apart", () => {
    const grants = parseGrants([
      "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*ABC'", "GRANT SELECT, SHOW VIEW ON `shop`.* TO `u`@`%`",
      "GRANT TRIGGER ON `shop`.`orders` TO `u`@`%`", "GRANT SELECT (`a`, `b`), EVENT ON `other`.* TO `u`@`%`",
      "GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `u`@`%`", "GRANT `role`@`%` TO `u`@`%`",
    ]);
    expect(grants.onDatabase("SELECT", "shop")).toBe(true);
    expect(grants.onDatabase("TRIGGER", "shop")).toBe(false);
    expect(grants.onTable("TRIGGER", "shop", "orders")).toBe(true);
    expect(grants.onTable("TRIGGER", "shop", "lines")).toBe(false);
    expect(grants.onDatabase("SELECT", "other")).toBe(false);
    expect(grants.onDatabase("EVENT", "other")).toBe(true);
    expect(grants.globally("SELECT", "SHOW_ROUTINE")).toBe(false);
  });
  it("reads patterns as the server does, the exact name before them", () => {
    const grants = parseGrants(["GRANT ALL PRIVILEGES ON `shop\\_%`.* TO `u`@`%`", "GRANT SELECT ON `shop\\_eu`.* TO `u`@`%`", "GRANT EVENT ON `a_c`.* TO `u`@`%`"]);
    expect(grants.onDatabase("TRIGGER", "shop_us")).toBe(true);
    expect(grants.onDatabase("TRIGGER", "shopXus")).toBe(false);
    expect(grants.onDatabase("TRIGGER", "shop_eu")).toBe(false);
    expect(grants.onDatabase("EVENT", "abc")).toBe(true);
    expect(grants.onDatabase("EVENT", "a.bc")).toBe(false);
  });
  it("heeds MySQL's partial revokes, and names with backticks and dots", () => {
    const grants = parseGrants(["GRANT SELECT, SHOW_ROUTINE ON *.* TO `u`@`%`", "REVOKE SELECT ON `secret`.* FROM `u`@`%`", "GRANT EVENT ON `a``b ON c`.* TO `u`@`%`"]);
    expect(grants.onDatabase("SELECT", "shop")).toBe(true);
    expect(grants.onDatabase("SELECT", "secret")).toBe(false);
    expect(grants.onDatabase("EVENT", "a`b ON c")).toBe(true);
    expect(grants.globally("SHOW_ROUTINE")).toBe(true);
  });
});
