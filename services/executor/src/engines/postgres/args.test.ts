import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "@safebase/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dumpArgs, passwordLine, psqlArgs, toolEnvironment } from "./args.ts";
import { SED_REFUSES, sedArgs } from "./sql-filter.ts";

const connection: Connection = {
  type: "postgresql", host: "db.example", port: 5433, username: "me", password: "pass:w\\ord", db_name: "postgres://evil@host/x?a=b",
  ssl_mode: "require", ssl_ca: "-----BEGIN CERTIFICATE-----",
};
let work_dir: string;
beforeAll(async () => { work_dir = await mkdtemp(join(tmpdir(), "safebase-args-")); });
afterAll(async () => rm(work_dir, { recursive: true }));
const context = () => ({ client_dirs: [], work_dir, tag: "safebase-job-7", signal: new AbortController().signal });

describe("toolEnvironment", () => {
  it("keeps the password in a 0600 file and names as they are", async () => {
    const env = await toolEnvironment(connection, connection.db_name, context());
    expect(env).toMatchObject({ PGHOST: "db.example", PGPORT: "5433", PGUSER: "me", PGDATABASE: connection.db_name, PGSSLMODE: "require", PGCONNECT_TIMEOUT: "15", PGAPPNAME: "safebase-job-7" });
    expect(JSON.stringify(env)).not.toContain("w\\\\ord");
    const path = env["PGPASSFILE"] ?? "";
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe("*:*:*:*:pass\\:w\\\\ord\n");
  });

  it("gives authorities only to modes that verify: with a file, libpq would verify under require", async () => {
    expect(await toolEnvironment(connection, "x", context())).not.toHaveProperty("PGSSLROOTCERT");
    const env = await toolEnvironment({ ...connection, ssl_mode: "verify-full" }, "x", context());
    expect(await readFile(env["PGSSLROOTCERT"] ?? "", "utf8")).toBe(connection.ssl_ca);
    const system = await toolEnvironment({ ...connection, ssl_mode: "verify-ca", ssl_ca: null }, "x", context());
    expect(await readFile(system["PGSSLROOTCERT"] ?? "", "utf8")).toContain("BEGIN CERTIFICATE");
  });

  it("refuses a password that a password file cannot hold", () => {
    expect(() => passwordLine("two\nlines")).toThrow(expect.objectContaining({ code: "bad_request" }));
    expect(passwordLine(null)).toBe("");
  });

  it("never asks for row-level security, which would leave out rows", () => {
    expect([...dumpArgs("custom"), ...dumpArgs("sql")].join(" ")).not.toContain("row-security");
  });
});

describe("psqlArgs", () => {
  it("begins restricted mode with another key each time, in a file that only we read", async () => {
    const keys = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      const args = await psqlArgs(context());
      const [prelude, input] = args.flatMap((arg, index) => args[index - 1] === "-f" ? [arg] : []);
      expect(input).toBe("-");
      expect((await stat(prelude ?? "")).mode & 0o777).toBe(0o600);
      keys.add(/\\restrict ([0-9a-f]{64})\n$/.exec(await readFile(prelude ?? "", "utf8"))?.[1] ?? "none");
    }
    expect(keys.size).toBe(2);
    expect(keys).not.toContain("none");
  });
});

describe("the filter before psql", () => {
  const filter = (sql: string | Buffer, transaction_timeout = false) =>
    spawnSync("sed", sedArgs({ transaction_timeout }), { input: sql, encoding: "latin1", env: { LC_ALL: "C", PATH: "/usr/bin:/bin" } });
  const filtered = (sql: string): string => filter(Buffer.from(sql, "latin1")).stdout;

  it("takes out transaction_timeout and the restrict pair", () => {
    expect(filtered("--\n\\restrict Ab1\n\nSET lock_timeout = 0;\nSET transaction_timeout = 0;\nSELECT 1;\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict Ab1\n\n"))
      .toBe("--\n\nSET lock_timeout = 0;\nSELECT 1;\n-- PostgreSQL database dump complete\n--\n\n\n");
    expect(filter("SET transaction_timeout = 0;\n", true).stdout).toBe("SET transaction_timeout = 0;\n");
  });

  it("leaves rows and bodies of functions alone, whatever they hold", () => {
    const body = `--\nSELECT pg_catalog.set_config('search_path', '', false);\nSET transaction_timeout = 0;\n\\restrict Ab1\n\\unrestrict Other\n\\unrestrict\n\\unrestrict Ab1 x\n`
      + "a row \\\\unrestrict `x`\n\\\\\\\\unrestrict `x`\n`\\unrestrict\n\xff\xfebinary, no newline";
    expect(filtered(`\\restrict Ab1\n${body}`)).toBe(body);
  });

  it.each([
    "\\unrestrict `x`", "SELECT 1 \\unrestrict a`x`", "\\;\\unrestrict `x`", "'\\'\\unrestrict `x`", "\\\\\\unrestrict `x`",
    "SELECT '\x83\\\\unrestrict `x`", "\x83\\\\\\unrestrict `x`", "SELECT 1 \\unrest\0hidden\nrict `x`", "\\unrestrict Ab1 `x`",
  ])("refuses what psql would run: %j", (line) => {
    const { status, stdout } = filter(Buffer.from(`\\restrict Ab1\nSELECT 1;\n${line}\nSELECT 2;\n`, "latin1"));
    expect(status).toBe(SED_REFUSES);
    expect(stdout).toBe("SELECT 1;\n");
  });
});
