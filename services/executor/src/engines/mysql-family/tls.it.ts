import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Connection } from "@safebase/contracts";
import { type DatabaseServer, freshDatabase, mysqlMissing, startMariadb, startMysql, tempDir } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionTo, dump, engineOf, testContext } from "./fixture.ts";

const SERVERS = [
  { name: "MariaDB", start: startMariadb, missing: undefined },
  { name: "MySQL", start: startMysql, missing: mysqlMissing() },
].filter(({ missing }) => missing === undefined);

/** A certificate authority that signed nothing of this server. */
function strangerCa(dir: string): string {
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=stranger", "-keyout", join(dir, "key"), "-out", join(dir, "ca")], { stdio: "ignore" });
  return readFileSync(join(dir, "ca"), "utf8");
}

describe.each(SERVERS)("$name over TLS", ({ start }) => {
  let server: DatabaseServer;
  beforeAll(async () => { server = await start({ tls: true }); });
  afterAll(async () => server[Symbol.asyncDispose]());

  it("encrypts as asked, checks certificates and names, and dumps the same way", async () => {
    await using database = await freshDatabase(server, "tls");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY)");
    await using context = await testContext();
    await using dir = await tempDir("ca");
    const ssl_ca = readFileSync(server.ca_path!, "utf8");
    const probe = (other: Partial<Connection>) => engineOf(server).probe(connectionTo(server, database.db_name, other), context);
    expect((await probe({ ssl_mode: "disable" })).tls).toBe(false);
    for (const other of [{ ssl_mode: "prefer" }, { ssl_mode: "require" }, { ssl_mode: "verify-ca", ssl_ca }, { ssl_mode: "verify-full", ssl_ca }] as const) {
      expect((await probe(other)).tls).toBe(true);
      expect((await dump(server, connectionTo(server, database.db_name, other), context)).text).toContain("CREATE TABLE `t`");
    }
    await expect(probe({ ssl_mode: "verify-ca", ssl_ca: strangerCa(dir.path) })).rejects.toMatchObject({ code: "tls_failed" });
    await expect(probe({ ssl_mode: "verify-full" })).rejects.toMatchObject({ code: "tls_failed", hint: expect.stringContaining("ssl_ca") });
  });
});
