import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, freePort, freshDatabase, until, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Json, Shown } from "../client.ts";
import { listen } from "./events.ts";
import { filesIn, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

/** Backs a database up and expects it to fail, with nothing left in the storage. */
async function failed(at: System, database_id: number): Promise<Shown> {
  const { id } = await at.admin.backUp(database_id);
  const backup = await at.admin.ended("backup", id);
  expect(backup).toMatchObject({ status: "failed", size: null, sha256: null });
  expect(await at.artifacts()).toEqual([]);
  return backup;
}

const PASSWORD = "p4ss'w\"ö\\rd $(id) #;%41 geheim";

describe.each(servers)("$engine: a server that cannot be used", (server) => {
  const place = `${server.host}:${server.port}`;

  test("a wrong password: the backup fails and says so, and the password is nowhere", async () => {
    await using stream = await listen(system.admin);
    await using database = await freshDatabase(server, "wrong");
    const id = await system.admin.addDatabase(server, database.db_name, { password: PASSWORD });
    const backup = await failed(system, id);
    expect(backup.error_code).toBe("auth_failed");
    expect(backup.error_msg).toMatch(server.engine === "postgresql"
      ? new RegExp(`^password authentication failed for user "${server.username}" at ${place}$`)
      : new RegExp(`^${place} refused the user ${server.username}: Access denied`));
    const url = `${server.engine}://${server.username}:${encodeURIComponent(PASSWORD)}@${place}/${database.db_name}`;
    const tested = await system.admin.ask("POST", "/api/databases/test", { url });
    expect(tested).toMatchObject({ status: 200, body: { ok: false, code: "auth_failed", error: backup.error_msg } });
    await until("the end to be heard", () => stream.heard.some(({ data }) => data["status"] === "failed"));
    const answers = await Promise.all([`/api/backups/${backup.id}`, `/api/databases/${id}`, "/api/audit?per_page=200", `/api/jobs/${backup.job_id}`]
      .map(async (path) => JSON.stringify((await system.admin.ask("GET", path)).body)));
    const files = (await filesIn(system.data_dir)).map((name) => readFileSync(join(system.data_dir, name), "latin1"));
    expect(files.length).toBeGreaterThan(4); // the catalog, NATS's store with the command, receipts, the key
    for (const text of [...answers, ...files, JSON.stringify(tested.body), stream.text(), system.program.output()]) {
      for (const form of [PASSWORD, Buffer.from(PASSWORD).toString("latin1"), JSON.stringify(PASSWORD).slice(1, -1), encodeURIComponent(PASSWORD), "geheim"]) {
        expect(text.includes(form), "the password was found").toBe(false);
      }
    }
  });

  test.each<[string, () => Promise<Json>, string, RegExp]>([
    ["nothing listens", async () => ({ port: await freePort() }), "unreachable", /127\.0\.0\.1:\d+/],
    ["an unknown host", async () => ({ host: "no-such-host.invalid" }), "unreachable", /no-such-host\.invalid/],
    ["no such database", async () => ({ db_name: "no such database" }), "database_missing", /no such database/],
    ["TLS that it does not offer", async () => ({ ssl_mode: "verify-full" }), "tls_failed", new RegExp(place)],
  ])("%s: the backup fails and says so", async (_name, changes, code, sentence) => {
    const id = await system.admin.addDatabase(server, "shop", await changes());
    const backup = await failed(system, id);
    expect(backup).toMatchObject({ error_code: code, error_msg: expect.stringMatching(sentence) });
    expect(backup.error_msg).not.toContain(server.password);
  });

  test("a dump that dies half-way: the backup fails, nothing is left, and the next one succeeds", async () => {
    await using database = await freshDatabase(server, "dies");
    await fillBulk(database);
    const id = await system.admin.addDatabase(server, database.db_name);
    const { id: backup_id } = await system.admin.backUp(id);
    await killDump(server, database.db_name);
    const backup = await system.admin.ended("backup", backup_id);
    expect(backup).toMatchObject({ status: "failed", error_code: "dump_failed", size: null });
    expect(backup.error_msg).toMatch(server.engine === "postgresql" ? /^the (server at|connection to) 127\.0\.0\.1:\d+ (ended the connection|broke off)/ : /^(mysqldump|mariadb-dump) on 127\.0\.0\.1:\d+: Lost connection .* \(2013\)$/);
    expect(await system.artifacts()).toEqual([]);
    const next = await system.admin.backedUp(id);
    expect(await system.admin.ask("DELETE", `/api/backups/${next.id}`)).toMatchObject({ status: 200 });
    await expect.poll(() => system.artifacts(), { timeout: 10_000 }).toEqual([]);
  });
});

/** Enough that a dump is still at it when it is looked for. */
async function fillBulk({ engine, connection }: TestDatabase): Promise<void> {
  if (engine === "postgresql") {
    await connection.query("CREATE TABLE bulk AS SELECT i, repeat(md5(i::text), 8) AS t FROM generate_series(1, 300000) AS i");
    return;
  }
  await connection.query("CREATE TABLE bulk (i int, t text)");
  await connection.query(`INSERT INTO bulk VALUES ${Array.from({ length: 1_000 }, (_, i) => `(${i}, repeat('${i} ', 60))`).join(",")}`);
  for (let doubled = 0; doubled < 8; doubled++) await connection.query("INSERT INTO bulk SELECT * FROM bulk");
}

const DUMPING = {
  postgresql: "SELECT pid AS id FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'COPY public.bulk%'",
  mysql: "SELECT id AS id FROM information_schema.processlist WHERE db = ? AND info LIKE 'SELECT /*!40001 SQL_NO_CACHE */%'",
};

/** Ends the dump's session on the server while it reads the table. */
async function killDump(server: ServerInfo, db_name: string): Promise<void> {
  await using admin = await connect(server);
  const isPostgres = server.engine === "postgresql";
  const session = await until("the dump to read the table", async () =>
    (await admin.query(DUMPING[isPostgres ? "postgresql" : "mysql"], [db_name]))[0], { every_ms: 2 });
  const id = Number(session["id"]);
  await admin.query(isPostgres ? `SELECT pg_terminate_backend(${id})` : `KILL ${id}`);
}

const root = process.getuid?.() === 0;
if (!root) console.warn("skipped: a machine without client programs: hiding the installed ones needs root");

test.skipIf(!root)("no client program: refused with a sentence that names what is missing, by the test and by the backup", async () => {
  const hidden = [...globSync("/usr/lib/postgresql/*/bin"), ...globSync("/opt/*/bin")];
  const wrapper = ["unshare", "--mount", "bash", "-euc", `for dir in ${hidden.join(" ")}; do mount -t tmpfs none $dir; done; exec "$@"`, "without-clients"];
  await using bare = await startSystem({ SAFEBASE_CLIENT_PATH: "" }, wrapper);
  await using database = await freshDatabase(inject("postgres"), "shop");
  const id = await bare.admin.addDatabase(inject("postgres"), database.db_name);
  const sentence = `pg_dump is not installed here, and the server is PostgreSQL ${inject("postgres").version}`;
  const backup = await failed(bare, id);
  expect(backup).toMatchObject({ error_code: "client_missing" });
  expect(backup.error_msg).toContain(sentence);
  expect(await bare.admin.ask("POST", `/api/databases/${id}/test`)).toMatchObject({ status: 200, body: { ok: false, code: "client_missing", error: expect.stringContaining(sentence), hint: expect.stringContaining("postgresql-client") } });
});
