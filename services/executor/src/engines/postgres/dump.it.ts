import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { runPipeline, type Stage, StageFailure } from "@safebase/artifact";
import { connect, freshDatabase, quoteName, startPostgres, until, type TestDatabase } from "@safebase/testing";
import type { Connection } from "@safebase/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Jobs } from "../engine.ts";
import { postgresEngine } from "./index.ts";
import { admin, dumpToFile, fingerprintOf, registered, restoreFile, testContext } from "./testing.ts";

const server = inject("postgres");
const ROLE = 'dump reader "1"';
const role = quoteName("postgresql", ROLE);
const PASSWORD = "p:w\\d 'x\" ü";

beforeAll(async () => { await admin(server, `CREATE ROLE ${role} LOGIN PASSWORD 'p:w\\d ''x" ü'`); });
afterAll(async () => { await admin(server, `DROP ROLE ${role}`); });

const asRole = (database: TestDatabase): Connection => registered(server, database.db_name, { username: ROLE, password: PASSWORD });

describe("a dump", () => {
  it("holds the state in which it counted, whatever is deleted meanwhile", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT generate_series(1, 5000) AS id; CREATE SCHEMA s; CREATE TABLE s.empty (id int)");
    const before = await fingerprintOf(server, database.db_name);
    const connection = registered(server, database.db_name);
    const dumped = await dumpToFile(connection, "custom", context, async () => { await database.connection.query("DELETE FROM t WHERE id % 2 = 0"); });
    expect(dumped.contents.tables).toEqual([{ name: "public.t", rows: 5000, exact: true }, { name: "s.empty", rows: 0, exact: true }]);
    await restoreFile(dumped, connection, context);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });

  it("in several parts keeps its tables from being emptied or dropped from before its snapshot on, so that no part finds one gone", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query(`CREATE TABLE t AS SELECT generate_series(1, 5000) AS id; CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE "odd ""part""" PARTITION OF p DEFAULT; SET lock_timeout = '50ms'`);
    {
      await using dump = await postgresEngine.prepareDump(registered(server, database.db_name), { format: "custom", jobs: 2 }, context);
      expect(dump.parts.map(({ part }) => part?.name)).toEqual(["pre-data", "data-1", "data-2", "post-data"]);
      for (const sql of ["TRUNCATE t", `TRUNCATE "odd ""part"""`, "DROP TABLE t", "ALTER TABLE p ADD COLUMN c int"]) await expect(database.connection.query(sql), sql).rejects.toThrow("lock timeout");
    }
    await database.connection.query("TRUNCATE t, p");
  });

  it("is in one part where the server has no room for the locks of several", async () => {
    await using small = await startPostgres({ args: ["-c", "max_locks_per_transaction=10", "-c", "max_connections=20"] });
    await using database = await freshDatabase(small);
    await using context = await testContext();
    for (let n = 0; n < 49; n++) await database.connection.query(`CREATE TABLE t${n} AS SELECT 1 AS id`);
    const prepare = (jobs: Jobs) => postgresEngine.prepareDump(registered(small, database.db_name), { format: "custom", jobs }, context);
    {
      await using several = await prepare(2);
      expect([several.parts.length, several.warnings]).toEqual([4, []]);
      await Promise.all(several.parts.map(({ stages }) => runPipeline({ stages })));
    }
    for (let n = 49; n < 52; n++) await database.connection.query(`CREATE TABLE t${n} AS SELECT 1 AS id`);
    await using one = await prepare(2);
    expect([one.parts.length, one.warnings]).toEqual([1, [{ code: "in_one_part", message: expect.stringContaining("max_locks_per_transaction") }]]);
    await runPipeline({ stages: one.parts[0]!.stages });
    await using silent = await prepare({ auto_from_bytes: 0 });
    expect([silent.parts.length, silent.warnings]).toEqual([1, []]);
  });

  it("keeps the password out of everything but a 0600 file", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await using dump = await postgresEngine.prepareDump(asRole(database), { format: "sql" }, context);
    expect(JSON.stringify([dump.parts, dump.tool, dump.warnings, dump.server])).not.toMatch(/p:w|p\\:w/);
    expect(dump.parts[0]!.trailer).toBe("-- PostgreSQL database dump complete");
    for (const name of await readdir(context.work_dir)) expect((await stat(join(context.work_dir, name))).mode & 0o777).toBe(0o600);
    const dumped = await dumpToFile(asRole(database), "sql", context);
    expect(await readFile(dumped.path, "utf8")).toContain("\n-- PostgreSQL database dump complete\n");
  });

  it("is not ended by timeouts that the role has", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query(`CREATE TABLE t AS SELECT i, repeat('x', 100) FROM generate_series(1, 100000) i; GRANT SELECT ON t TO ${role}`);
    await admin(server, `ALTER ROLE ${role} SET statement_timeout = '20ms'; ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '20ms'; ALTER ROLE ${role} SET idle_session_timeout = '20ms'; ALTER ROLE ${role} SET lock_timeout = '1ms'`);
    try {
      const dumped = await dumpToFile(asRole(database), "custom", context);
      expect(dumped.contents.tables).toEqual([{ name: "public.t", rows: 100000, exact: true }]);
    } finally {
      await admin(server, `ALTER ROLE ${role} RESET ALL`);
    }
  });

  it("fails with a sentence when its backend is ended half-way", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 100000) i");
    await using dump = await postgresEngine.prepareDump(registered(server, database.db_name), { format: "custom" }, context);
    const slow = { program: "sh", args: ["-c", "head -c 100000; sleep 3; cat >/dev/null"] };
    const running = runPipeline({ stages: [...dump.parts[0]!.stages, slow] }).catch((error: unknown) => error);
    await until("pg_dump's backend to be ended", async () =>
      (await database.connection.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'COPY%'", [context.tag])).length > 0);
    const failure = await running;
    expect(failure).toBeInstanceOf(StageFailure);
    expect(dump.explain(failure as StageFailure)).toMatchObject({ code: "dump_failed", message: expect.stringMatching(/ended the connection|broke off/) });
    expect((await dump.contents()).tables).toHaveLength(1);
  });

  it("knows when the server is at work for it: not when idle, waiting for a lock, or for us to read", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await using dump = await postgresEngine.prepareDump(registered(server, database.db_name), { format: "custom" }, context);
    expect(await dump.isBusy()).toBe(false);
    await using worker = await connect(server, database.db_name);
    await worker.query(`SET application_name = '${context.tag}'`);
    const working = worker.query("SELECT count(*) FROM generate_series(1, 30000000) a");
    await until("work to show", () => dump.isBusy());
    await working;
    await database.connection.query("CREATE TABLE t (id int)");
    await database.connection.query("BEGIN; LOCK TABLE t");
    const waiting = worker.query("SELECT * FROM t");
    await until("the wait to show", async () => (await admin(server, `SELECT FROM pg_stat_activity WHERE application_name = '${context.tag}' AND wait_event_type = 'Lock'`)).length > 0);
    expect(await dump.isBusy()).toBe(false);
    await database.connection.query("COMMIT");
    await waiting;
  });
});

describe("what would make a backup incomplete is refused before it begins, and named by a probe", () => {
  const CASES = {
    "a table": ["CREATE TABLE hidden_t (id int)", "unreadable_tables", "public.hidden_t"],
    "a sequence": ["CREATE SEQUENCE hidden_s", "unreadable_tables", "public.hidden_s"],
    "a table in a closed schema": [`CREATE SCHEMA closed; CREATE TABLE closed.t (id int); GRANT SELECT ON closed.t TO ${role}`, "unreadable_tables", "closed.t"],
    "a large object": ["SELECT lo_create(4711)", "unreadable_large_objects", "4711"],
    "rows behind a policy": [`CREATE TABLE guarded (id int); GRANT SELECT ON guarded TO ${role}; ALTER TABLE guarded ENABLE ROW LEVEL SECURITY`, "row_level_security", "public.guarded"],
  } as const;

  it.each(Object.entries(CASES))("%s", async (_, [sql, code, name]) => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query(sql);
    const report = await postgresEngine.probe(asRole(database), context);
    expect(report.warnings).toEqual([{ code, message: expect.stringContaining(name) }]);
    await expect(dumpToFile(asRole(database), "custom", context)).rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringContaining(name) });
    expect((await postgresEngine.probe(registered(server, database.db_name), context)).warnings).toEqual([]);
  });

  it("and pg_dump itself agrees that these fail", async () => {
    for (const [sql] of Object.values(CASES)) {
      await using database = await freshDatabase(server);
      await using context = await testContext();
      await using dump = await postgresEngine.prepareDump(asRole(database), { format: "custom" }, context);
      await database.connection.query(sql); // after the preflight; without the snapshot, so that pg_dump sees it
      const [dumping] = dump.parts[0]!.stages as [Stage];
      const stage = { ...dumping, args: dumping.args.filter((arg) => !arg.startsWith("--snapshot")) };
      const failure = await runPipeline({ stages: [stage] }).then(() => undefined, (error: unknown) => error);
      expect(failure, sql).toBeDefined();
      expect(dump.explain(failure as Parameters<typeof dump.explain>[0]), sql).toMatchObject({ code: "insufficient_privileges" });
    }
  });
});

describe("probe", () => {
  it("says what the server is and what a restore elsewhere will need", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query(`CREATE EXTENSION pgcrypto; CREATE EXTENSION postgres_fdw; CREATE TABLE t (id int);
      CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw; CREATE FOREIGN TABLE abroad (id int) SERVER far`);
    const report = await postgresEngine.probe(registered(server, database.db_name), context);
    expect(report).toMatchObject({ server: `PostgreSQL ${server.version}`, server_version: server.version, tables: 1, connections: 1, tls: false, client: { name: "pg_dump" } });
    expect(report.size_bytes).toBeGreaterThan(1_000_000);
    expect(report.warnings.map((warning) => warning.code).sort()).toEqual(["extensions", "foreign_tables"]);
    expect(report.warnings.find((warning) => warning.code === "extensions")?.message).toContain("pgcrypto, postgres_fdw");
  });
});
