import { access, writeFile } from "node:fs/promises";
import { describe, expect, inject, test } from "vitest";
import { connect, freshDatabase, mysqlMissing, startMariadb, startMysql, startNats, startPostgres } from "./index.ts";
import type { DatabaseServer } from "./server.ts";

const STARTERS = { postgresql: startPostgres, mariadb: startMariadb, mysql: startMysql };

describe.each(["postgresql", "mariadb", "mysql"] as const)("%s", (engine) => {
  test.skipIf(engine === "mysql" && mysqlMissing() !== undefined)("checks passwords and speaks TLS", async () => {
    await using server = await STARTERS[engine]({ tls: true });
    expect(server).toMatchObject({ engine, host: "127.0.0.1", version: expect.stringMatching(/^\d+\.\d+/) });
    await expect(connect({ ...server, password: "wrong" })).rejects.toThrow(/denied|authentication failed/);
    await expect(connect({ ...server, password: "" })).rejects.toThrow(/denied|password|authentication/);
    expect(await sessionIsEncrypted(server)).toBe(true);
    await expect(connect({ ...server, ca_path: "/etc/ssl/certs/ca-certificates.crt" })).rejects.toThrow(/certificate/);
  });

  test.skipIf(engine === "mysql" && mysqlMissing() !== undefined)("keeps its data when it is killed and restarted", async () => {
    await using server = await STARTERS[engine]();
    await using database = await freshDatabase(server, "odd 'name\"=;");
    await database.connection.query("CREATE TABLE t (a int)");
    await server.kill();
    await expect(connect(server)).rejects.toThrow(/ECONNREFUSED/);
    await server.restart();
    await using again = await connect(server, database.db_name);
    expect(await again.query("SELECT count(*) AS n FROM t")).toEqual([{ n: "0" }]);
  });
});

test("the shared servers are there and a fresh database is dropped at its end", async () => {
  for (const server of [inject("postgres"), inject("mariadb")]) {
    const database = await freshDatabase(server, "gone");
    await database[Symbol.asyncDispose]();
    await expect(connect(server, database.db_name)).rejects.toThrow(/does not exist|Unknown database/);
  }
});

test("NATS forgets everything when it is wiped", async () => {
  await using nats = await startNats();
  await writeFile(`${nats.store_dir}/left-over`, "x");
  await nats.wipe();
  await expect(access(`${nats.store_dir}/left-over`)).rejects.toThrow(/ENOENT/);
  await nats.kill();
  await expect(fetch(nats.url.replace("nats", "http"))).rejects.toThrow();
  await nats.restart();
});

async function sessionIsEncrypted(server: DatabaseServer): Promise<boolean> {
  await using connection = await connect(server);
  const [row] = await connection.query(server.engine === "postgresql"
    ? "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    : "SHOW STATUS LIKE 'Ssl_cipher'");
  return server.engine === "postgresql" ? row!["ssl"] === "t" : row!["Value"] !== "";
}
