import { describe, expect, it } from "vitest";
import type { Client, ClientProgram } from "./client.ts";
import { chooseMysqlDump, chooseMysqlLoader } from "./mysql-family.ts";

const client = (flavour: "mysql" | "mariadb", version: string, program: ClientProgram): Client =>
  ({ program, path: `/${flavour}/${version}`, flavour, version, major: Number.parseInt(version, 10) });
const mysql = (version: string) => client("mysql", version, "mysqldump");
const mariadb = (version: string) => client("mariadb", version, "mariadb-dump");
/** What Debian calls mysqldump. */
const debians = client("mariadb", "10.11.19", "mysqldump");

describe("choice for MySQL and MariaDB", () => {
  it("prefers MariaDB's own name among equal ones", () => {
    expect(chooseMysqlDump([debians, mariadb("10.11.19"), debians], { flavour: "mariadb", version: "10.11.19" }).client.program).toBe("mariadb-dump");
    expect(chooseMysqlDump([debians], { flavour: "mariadb", version: "10.11.19" }).client.program).toBe("mysqldump");
  });
  it("takes the server's own family, in the lowest version that is not older", () => {
    const all = [debians, mysql("9.7.0"), mysql("8.4.5"), mysql("8.4.6"), mysql("8.0.40"), mariadb("11.8.2")];
    expect(chooseMysqlDump(all, { flavour: "mysql", version: "8.4.6" })).toEqual({ client: mysql("8.4.6"), warnings: [] });
    expect(chooseMysqlDump(all, { flavour: "mysql", version: "8.4.99" }).client.version).toBe("8.4.6");
    expect(chooseMysqlDump(all, { flavour: "mysql", version: "9.1.0" }).client.version).toBe("9.7.0");
    expect(chooseMysqlDump(all, { flavour: "mariadb", version: "10.11.4" })).toEqual({ client: debians, warnings: [] });
    expect(chooseMysqlDump(all, { flavour: "mariadb", version: "11.4.4" }).client.version).toBe("11.8.2");
  });
  it("lets MariaDB's stand in for an older mysqldump, never the other way round, and says so", () => {
    expect(chooseMysqlDump([debians, mysql("8.0.40")], { flavour: "mysql", version: "9.7.0" }))
      .toEqual({ client: debians, warnings: [expect.objectContaining({ code: "foreign_client" })] });
    expect(() => chooseMysqlDump([mysql("9.7.0")], { flavour: "mariadb", version: "10.11.4" }))
      .toThrow(expect.objectContaining({ code: "client_missing", message: expect.stringMatching(/MariaDB 10\.11\.4.*MySQL's mysqldump 9\.7\.0/), hint: expect.stringContaining("mariadb-client") }));
    expect(chooseMysqlDump([debians], { flavour: "mariadb", version: "11.8.2" }).warnings).toEqual([expect.objectContaining({ code: "older_client" })]);
  });
  it("refuses a server that none can dump, naming both versions", () => {
    expect(() => chooseMysqlDump([mysql("8.0.40")], { flavour: "mysql", version: "9.7.0" }))
      .toThrow(expect.objectContaining({ code: "server_unsupported", message: "MySQL 9.7.0 needs mysqldump 9.7 or newer; the newest one here is 8.0.40" }));
    expect(() => chooseMysqlDump([], { flavour: "mysql", version: "9.7.0" })).toThrow(expect.objectContaining({ code: "client_missing" }));
  });
  it("knows that MySQL 9's clients cannot log in to 5.7", () => {
    expect(chooseMysqlDump([mysql("9.7.0"), mysql("8.4.6")], { flavour: "mysql", version: "5.7.44" }).client.version).toBe("8.4.6");
  });
  it("is less strict with loaders", () => {
    const loader = client("mysql", "8.0.40", "mysql");
    expect(chooseMysqlLoader([loader, mysql("9.7.0")], { flavour: "mysql", version: "9.7.0" })).toMatchObject({ client: loader, warnings: [{ code: "older_client" }] });
  });
});
