import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { Client } from "../../clients/index.ts";
import { DROP_SANDBOX_LINE, dumpArgs, loadArgs, needsSandboxFilter } from "./args.ts";
import { markerName, quoteName } from "./names.ts";
import { quoteOption } from "./option-file.ts";

const client = (flavour: "mysql" | "mariadb", version: string): Client =>
  ({ program: flavour === "mysql" ? "mysqldump" : "mariadb-dump", path: "/x", flavour, version, major: Number.parseInt(version, 10) });

describe("arguments", () => {
  const options = { server: { version: "9.7.0" }, db_name: "-x", events: true };
  it("gives each family its own, and the name where no option can be", () => {
    const mysql = dumpArgs({ ...options, client: client("mysql", "9.7.0") });
    const mariadb = dumpArgs({ ...options, client: client("mariadb", "10.11.19") });
    expect(mysql).toContain("--set-gtid-purged=OFF");
    expect(mariadb.join(" ")).not.toMatch(/gtid|column-statistics|ssl-mode|masking/);
    for (const args of [mysql, mariadb]) {
      expect(args).toEqual(expect.arrayContaining(["--single-transaction", "--routines", "--triggers", "--events", "--hex-blob"]));
      expect(args.slice(-2)).toEqual(["--", "-x"]);
    }
    expect(dumpArgs({ ...options, events: false, client: client("mysql", "9.7.0") })).not.toContain("--events");
    expect(dumpArgs({ ...options, server: { version: "5.7.44" }, client: client("mysql", "8.4.0") })).toContain("--column-statistics=0");
  });
  it.each(["10.5.24", "10.11.7", "11.4.1", "11.3.2", "10.4.30"])("knows that MariaDB %s has no sandbox", (version) => {
    expect(loadArgs({ client: client("mariadb", version), db_name: "x", init_command: undefined })).not.toContain("--sandbox");
    expect(needsSandboxFilter("mariadb-dump", client("mariadb", version))).toBe(true);
  });
  it.each(["10.5.25", "10.11.19", "11.4.2", "11.8.1", "12.0.2"])("knows that MariaDB %s has one", (version) => {
    expect(loadArgs({ client: client("mariadb", version), db_name: "x", init_command: undefined })).toContain("--sandbox");
    expect(needsSandboxFilter("mariadb-dump", client("mariadb", version))).toBe(false);
  });
});

describe("the sandbox line (trap 9)", () => {
  const filter = (input: Buffer): Buffer => spawnSync("sed", DROP_SANDBOX_LINE, { input, env: { LC_ALL: "C" } }).stdout;
  const data = Buffer.from([0, 255, 13, 10, 39, 10, 65]); // bytes that are no text, and no newline at the end
  it.each(["/*!999999\\- enable the sandbox mode */", "/*!999999\\- enable the sandbox mode */ ", "/*M!999999\\- enable the sandbox mode */ "])("%j goes, once and only at the start", (line) => {
    const rest = Buffer.concat([Buffer.from("-- MariaDB dump\n"), Buffer.from(`${line}\n`), data]);
    expect(filter(Buffer.concat([Buffer.from(`${line}\n`), rest]))).toEqual(rest);
    expect(filter(rest)).toEqual(rest);
  });
  it("nothing else goes", () => {
    const other = Buffer.from("/*!999999\\- enable the sandbox mode */ DROP TABLE t;\n");
    expect(filter(other)).toEqual(other);
  });
});

describe("names", () => {
  it("quotes whatever they hold", () => expect(quoteName("a`; DROP")).toBe("`a``; DROP`"));
  it("keeps a marker's name within 64 harmless characters", () => {
    expect(markerName("job_7")).toBe("_safebase_restore_job_7");
    expect(markerName("`; ü".repeat(40))).toMatch(/^_safebase_restore_[0-9a-f]{32}$/);
    expect(markerName("a b")).not.toBe(markerName("a`b"));
  });
  it("refuses what an option file cannot hold", () => {
    expect(() => quoteOption("password", "a\nb")).toThrow(expect.objectContaining({ code: "bad_request", message: expect.not.stringContaining("a\n") }));
    expect(quoteOption("password", "a\"\\")).toBe('"a\\"\\\\"');
  });
});
