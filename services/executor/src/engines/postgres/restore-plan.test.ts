import { describe, expect, it } from "vitest";
import type { Client } from "../../clients/index.ts";
import { checkDatabaseName, restoreNames } from "./names.ts";
import { settingValue } from "./properties.ts";
import { planLoad } from "./restore-plan.ts";

const client = (program: Client["program"], version: string): Client =>
  ({ program, path: `/${version}/${program}`, flavour: "postgresql", version, major: Number.parseInt(version, 10) });
const server = (major: number) => ({ name: "", version: `${major}.1`, major, num: major * 10_000 });
const manifest = (format: "custom" | "sql", version: string) => ({ format, tool: { name: "pg_dump", version, args: [] } });
const both = (version: string): Client[] => [client("pg_restore", version), client("psql", version)];

describe("planLoad", () => {
  it("reads an archive with pg_restore alone where server and client fit", () => {
    const plan = planLoad(manifest("custom", "15.4"), server(15), [...both("15.18"), ...both("17.6")], true);
    expect(plan).toMatchObject({ clients: { restore: { version: "15.18" } } });
    expect(plan.clients.psql).toBeUndefined();
    expect(planLoad(manifest("custom", "15.4"), server(17), both("17.6"), true).clients.psql).toBeUndefined();
  });
  it("turns the archive into SQL where the only pg_restore says more than the server knows", () => {
    expect(planLoad(manifest("custom", "15.4"), server(15), both("17.6"), true))
      .toMatchObject({ clients: { restore: { version: "17.6" }, psql: { version: "17.6" } }, transaction_timeout: false });
  });
  it("keeps SET transaction_timeout for servers that know it: a role's own limit would end a long load", () => {
    expect(planLoad(manifest("sql", "17.6"), server(16), both("17.6"), true).transaction_timeout).toBe(false);
    expect(planLoad(manifest("sql", "17.6"), server(17), both("17.6"), true).transaction_timeout).toBe(true);
  });
  it("refuses SQL where no psql is safe, for SQL backups and for archives that would become SQL", () => {
    for (const format of ["sql", "custom"] as const) {
      const load = () => planLoad(manifest(format, "17.1"), server(15), both("17.5"), true);
      expect(load).toThrow(expect.objectContaining({ code: "client_missing", message: expect.stringContaining("17.5") }));
    }
    expect(planLoad(manifest("custom", "17.1"), server(17), both("17.5"), true).clients.psql).toBeUndefined();
  });
});

describe("names", () => {
  it("stay within 63 bytes, differ by tag and target, and repeat", () => {
    const names = restoreNames(`safebase-job-${"9".repeat(90)}`, "ü".repeat(31));
    for (const name of [names.side, names.old]) expect(name).toMatch(/^[a-z0-9_]{1,63}$/);
    expect(restoreNames("a", "x").side).not.toBe(restoreNames("a", "y").side);
    expect(restoreNames("a-b", "x").side).not.toBe(restoreNames("a_b", "x").side);
    expect(restoreNames("a", "x")).toEqual(restoreNames("a", "x"));
  });
  it("that the server would cut are refused", () => {
    expect(() => checkDatabaseName("ü".repeat(31))).not.toThrow();
    for (const name of ["ü".repeat(32), "", "a\0b", "template0"]) expect(() => checkDatabaseName(name)).toThrow(expect.objectContaining({ code: "bad_request" }));
  });
});

describe("settingValue", () => {
  it("writes a list's items apart, anything else whole", () => {
    expect(settingValue("search_path", `"$user", public, "a, ""b"""`)).toBe(`'$user', 'public', 'a, "b"'`);
    expect(settingValue("search_path", `""`)).toBe("''");
    expect(settingValue("my.setting", "a, b'c")).toBe("'a, b''c'");
  });
});
