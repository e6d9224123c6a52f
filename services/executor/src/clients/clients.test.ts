import { chmod, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askVersion } from "./ask-version.ts";
import { type Client, compareVersions, parseVersion } from "./client.ts";
import { discoverClients } from "./discover.ts";
import { choosePgDump, choosePgRestore, choosePsql } from "./postgres.ts";

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "safebase clients ")); });
afterEach(async () => rm(folder, { recursive: true }));

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const client = (name: Client["program"], version: string): Client => ({
  program: name, path: `/clients/${version}/${name}`, flavour: "postgresql", version, major: Number.parseInt(version, 10),
});

describe("parseVersion", () => {
  it.each([
    ["pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgresql", "15.18", 15],
    ["psql (PostgreSQL) 18beta1", "postgresql", "18", 18],
    ["mysqldump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)", "mariadb", "10.11.19", 10],
    ["mariadb-dump from 11.8.2-MariaDB, client 10.19 for debian-linux-gnu (x86_64)", "mariadb", "11.8.2", 11],
    ["mysqldump  Ver 9.7.0 for Linux on x86_64 (MySQL Community Server - GPL)", "mysql", "9.7.0", 9],
    ["mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)", "mysql", "5.7.44", 5],
  ])("%s", (output, flavour, version, major) => {
    expect(parseVersion(output)).toEqual({ flavour, version, major });
  });
  it("knows what is none", () => expect(parseVersion("sed (GNU sed) 4.9")).toBeUndefined());
  it("orders by number, not by letter", () => {
    expect(compareVersions("15.9", "15.14")).toBeLessThan(0);
    expect(compareVersions("15", "15.0")).toBe(0);
  });
});

describe("discoverClients", () => {
  it("finds the given folders' clients before the usual ones, tells flavours by what they answer, and asks once", async () => {
    await program("mysqldump", `echo x >> '${folder}/asked'; echo 'mysqldump  Ver 9.7.0 for Linux on x86_64 (MySQL Community Server - GPL)'`);
    const first = await discoverClients([folder]);
    expect(first[0]).toEqual({ program: "mysqldump", path: join(folder, "mysqldump"), flavour: "mysql", version: "9.7.0", major: 9 });
    await writeFile(join(folder, "asked"), "");
    expect((await discoverClients([folder]))[0]).toEqual(first[0]);
    expect(await readFile(join(folder, "asked"), "utf8")).toBe("");
  });

  it("asks again when the file has changed", async () => {
    const path = await program("psql", "echo 'psql (PostgreSQL) 14.1'");
    expect((await discoverClients([folder]))[0]?.version).toBe("14.1");
    await program("psql", "echo 'psql (PostgreSQL) 14.20'");
    await utimes(path, 1, 1);
    expect((await discoverClients([folder]))[0]?.version).toBe("14.20");
  });

  it("leaves out what fails, lies, is no program, or is Debian's wrapper", async () => {
    await program("pg_dump", "exit 1");
    await program("psql", "echo 'mysql  Ver 9.7.0 for Linux'");
    await program("pg_wrapper", "echo 'pg_restore (PostgreSQL) 99.1'");
    await symlink(join(folder, "pg_wrapper"), join(folder, "pg_restore"));
    await writeFile(join(folder, "mariadb"), "text");
    await symlink(join(folder, "nowhere"), join(folder, "mysql"));
    expect((await discoverClients([folder])).filter((found) => found.path.startsWith(folder))).toEqual([]);
  });

  it("names a file by its own name, not by a link's, and one that serves two uses twice", async () => {
    await program("mariadb-dump", "echo 'mysqldump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu'");
    await symlink("mariadb-dump", join(folder, "mysqldump"));
    await program("both", "echo 'mysql  Ver 9.7.0 for Linux'");
    await symlink("both", join(folder, "mariadb"));
    await symlink("both", join(folder, "mysql"));
    await symlink("both", join(folder, "psql"));
    const second = join(folder, "link");
    await symlink(folder, second);
    const found = (await discoverClients([second, folder])).map(({ path }) => path).filter((path) => path.startsWith(folder));
    expect(found).toEqual([join(second, "mariadb-dump"), join(second, "mysql")]);
  });

  it("finds the clients of this machine, never through pg_wrapper", async () => {
    const dumps = (await discoverClients()).filter((found) => found.program === "pg_dump");
    expect(dumps.length).toBeGreaterThan(0);
    expect(dumps.map((found) => found.path)).not.toContain("/usr/bin/pg_dump");
  });

  it("does not wait for a client that hangs, nor leaves its children", { timeout: 20_000 }, async () => {
    const path = await program("pg_dump", `sleep 97 & echo $! > '${folder}/pid'; wait`);
    const started_ms = Date.now();
    expect(await askVersion(path, 300)).toBeUndefined();
    expect(Date.now() - started_ms).toBeLessThan(3_000);
    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
  });
});

describe("choice for PostgreSQL", () => {
  const installed = [client("pg_dump", "14.2"), client("pg_dump", "15.4"), client("pg_dump", "15.18"), client("pg_dump", "17.5"),
    client("pg_restore", "15.18"), client("pg_restore", "17.5"), client("psql", "15.4"), client("psql", "17.5")];

  it("takes the server's own major, the newest of it, else the next newer", () => {
    expect(choosePgDump(installed, "15.2", 15).version).toBe("15.18");
    expect(choosePgDump(installed, "16.1", 16).version).toBe("17.5");
    expect(choosePgDump(installed, "9.6", 9).version).toBe("14.2");
  });
  it("refuses a server that none can dump, naming both versions", () => {
    expect(() => choosePgDump(installed, "18.1", 18)).toThrow(expect.objectContaining({
      code: "server_unsupported", message: expect.stringMatching(/18\.1.*17\.5/), hint: expect.stringContaining("postgresql-client-18"),
    }));
    expect(() => choosePgDump([], "18.1", 18)).toThrow(expect.objectContaining({ code: "client_missing" }));
  });
  it("takes a pg_restore that can read the archive", () => {
    expect(choosePgRestore(installed, "15.4", 15).version).toBe("15.18");
    expect(choosePgRestore(installed, "16.4", 16).version).toBe("17.5");
    expect(() => choosePgRestore(installed, "18.0", 18)).toThrow(/18\.0.*17\.5/);
  });
  it("takes the newest psql that knows \\restrict, and refuses where none does", () => {
    expect(choosePsql([client("psql", "15.18"), client("psql", "17.5"), client("psql", "16.10")]).version).toBe("16.10");
    for (const version of ["12.9", "13.21", "14.18", "15.13", "16.9", "17.5"]) {
      expect(() => choosePsql([client("psql", version)])).toThrow(expect.objectContaining({
        code: "client_missing", message: expect.stringContaining(version), hint: expect.stringContaining("17.6, 16.10, 15.14"),
      }));
    }
    for (const version of ["13.22", "14.19", "15.14", "16.10", "17.6", "18.0", "19.0"]) expect(choosePsql([client("psql", version)]).version).toBe(version);
    expect(() => choosePsql([])).toThrow(/not installed/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
