import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readManifest, type Manifest } from "@safebase/artifact";
import { subjects, type ArtifactRef, type BackupCommand, type BackupResult, type JobEvent, type RestoreCommand } from "@safebase/contracts";
import { openStorage } from "@safebase/storage";
import { connect, fillRealistic, fingerprint, freshDatabase, until, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { refOf, startRig, type Rig } from "./fixture.ts";

const run = promisify(execFile);
const server = inject("postgres");
const OWNER = { ...server, username: "parallel owner", password: "o" };
let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
  await admin(`CREATE ROLE "parallel owner" LOGIN CREATEDB PASSWORD 'o'; CREATE ROLE "parallel reader"`);
});
afterAll(async () => {
  await admin(`DROP ROLE "parallel owner"; DROP ROLE "parallel reader"`);
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

async function admin(sql: string, db_name = "postgres") {
  await using session = await connect(server, db_name);
  return await session.query(sql);
}

interface Made { readonly command: BackupCommand; readonly source: ArtifactRef; readonly result: BackupResult; readonly manifest: Manifest }

async function backUp(of: ServerInfo, db_name: string, changes: Partial<BackupCommand>): Promise<Made> {
  const command = rig.backupCommand(++lastId, rig.seal(of, db_name), changes);
  await rig.send(command);
  const event = await rig.ended(command.job_id);
  const source = refOf(command, event);
  const storage = await openStorage({ type: "local", id: "local", root: join(rig.data_dir, "artifacts") });
  return { command, source, result: (event as Extract<JobEvent, { type: "completed" }>).result as BackupResult, manifest: await readManifest(storage, command.stem) };
}

async function restore(source: ArtifactRef, of: ServerInfo, db_name: string, changes: Partial<RestoreCommand> = {}): Promise<JobEvent> {
  const command = rig.restoreCommand(++lastId, source, rig.seal(of, db_name), changes);
  await rig.send(command);
  return rig.ended(command.job_id);
}

const artifacts = async (): Promise<string[]> => (await readdir(join(rig.data_dir, "artifacts"), { recursive: true, withFileTypes: true })).filter((file) => file.isFile()).map((file) => file.name);
const namesOf = ({ parts }: Manifest): (string | undefined)[] => parts.map(({ name }) => name);

/** Everything that pg_dump says of a database's schema, with owners and rights, and a checksum of all that is in it. */
async function look(db_name: string) {
  const env = { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.username, PGPASSWORD: server.password, PGDATABASE: db_name };
  const { stdout } = await run(join(server.bin_dir, "pg_dump"), ["--schema-only"], { env, maxBuffer: 1e8 });
  await using session = await connect(server, db_name);
  return { schema: stdout.replaceAll(/^\\(un)?restrict .*$/gm, ""), contents: await fingerprint(session) };
}

/** What the realistic schema lacks, and sections could lose or put in another order. */
const MORE = [
  `CREATE TABLE hen (id int PRIMARY KEY, egg int); CREATE TABLE egg (id int PRIMARY KEY, hen int REFERENCES hen); INSERT INTO hen VALUES (1, 1); INSERT INTO egg VALUES (1, 1); ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg`,
  `CREATE TABLE parent (id int); CREATE TABLE child (more text) INHERITS (parent); INSERT INTO child SELECT n, repeat('x', 500) FROM generate_series(1, 300) n; INSERT INTO parent VALUES (0); CREATE UNLOGGED TABLE fast AS SELECT 1 AS id`,
  String.raw`CREATE TABLE "odd schema; ☃"."a.b*c?|d$e\f(g)[h]{i}^+" AS SELECT n, md5(n::text) FROM generate_series(1, 2000) n; CREATE TABLE public."%" AS SELECT generate_series(1, 900) AS n`,
  `CREATE EXTENSION pgcrypto; CREATE PUBLICATION shop FOR TABLE customers; CREATE FUNCTION told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'`,
  `CREATE EVENT TRIGGER tells ON ddl_command_end EXECUTE FUNCTION told(); COMMENT ON EVENT TRIGGER tells IS 'of every command'`,
  `GRANT SELECT, UPDATE (name) ON customers TO "parallel reader" WITH GRANT OPTION; GRANT USAGE ON SCHEMA "odd schema; ☃" TO "parallel reader"; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "parallel reader"`,
  `DO $$ BEGIN EXECUTE 'GRANT SELECT ON LARGE OBJECT ' || (SELECT min(oid) FROM pg_largeobject_metadata) || ' TO "parallel reader"'; END $$`,
  `ALTER TABLE audit OWNER TO "parallel owner"; REVOKE INSERT ON audit FROM "parallel owner"; SELECT setval('invoice_numbers', 4711)`,
];

describe("a backup in several parts", () => {
  test("restores all that one in one part does, in place and elsewhere; is checked, tested and deleted like one", async () => {
    await using database = await freshDatabase(server, "parts");
    await fillRealistic(database.connection, { rows: 400 });
    for (const sql of MORE) await database.connection.query(sql);
    const before = await look(database.db_name);
    for (const [changes, parts] of [[{ jobs: 1 }, [undefined]], [{ jobs: 4, globals: true }, ["pre-data", "data-1", "data-2", "data-3", "data-4", "post-data", "globals"]]] as const) {
      const { source, manifest, result, command } = await backUp(database, database.db_name, changes);
      expect([namesOf(manifest), result.warnings.filter(({ code }) => code === "globals_left_out")]).toEqual([parts, []]);
      expect(result.key).toBe(parts.length === 1 ? `${command.stem}.dump.zst` : `${command.stem}.manifest.json`);
      const copy = `${database.db_name}_${parts.length}`;
      expect(await restore(source, database, copy, { target: { connection: rig.seal(database, copy), must_be_new: true } })).toMatchObject({ type: "completed", result: { replaced: false } });
      expect(await look(copy)).toEqual(before);
      await admin(`DROP DATABASE "${copy}"`);
      const check = rig.checkCommand(++lastId, source);
      await rig.send(check);
      expect(await rig.ended(check.job_id)).toMatchObject({ type: "completed", result: { ok: true } });
      if (parts.length === 1) continue;
      const verify = rig.verifyCommand(++lastId, source, result.contents, rig.seal(database, database.db_name));
      await rig.send(verify);
      expect(await rig.ended(verify.job_id)).toMatchObject({ type: "completed", result: { differences: [], tables: result.contents.tables.length } });
      await database.connection.query("ALTER EVENT TRIGGER tells DISABLE; DROP TABLE audit, hen, egg, child CASCADE; DELETE FROM order_lines");
      expect(await restore(source, database, database.db_name)).toMatchObject({ type: "completed", result: { replaced: true } });
      expect(await look(database.db_name)).toEqual(before);
      const remove = rig.deleteCommand(++lastId, command);
      await rig.send(remove);
      expect(await rig.ended(remove.job_id)).toMatchObject({ type: "completed" });
      expect((await artifacts()).filter((name) => name.includes("globals"))).toEqual([]);
    }
  });

  test("of a user without more rights than his own restores what he has taken from himself, and leaves out roles that he may not read", async () => {
    await using database = await freshDatabase(server, "owned");
    await admin(`ALTER DATABASE "${database.db_name}" OWNER TO "parallel owner"`);
    await database.connection[Symbol.asyncDispose](); // a superuser's: it could not be ended
    await using session = await connect(OWNER, database.db_name);
    await session.query(`CREATE TABLE closed AS SELECT generate_series(1, 1000) AS id; ALTER TABLE closed ADD PRIMARY KEY (id); CREATE TABLE refers AS SELECT id FROM closed; ALTER TABLE refers ADD FOREIGN KEY (id) REFERENCES closed;
      CREATE MATERIALIZED VIEW sums AS SELECT sum(id) AS sum FROM closed; CREATE INDEX ON sums (sum)`);
    await session.query(`REVOKE INSERT, REFERENCES ON closed FROM "parallel owner"; REVOKE INSERT ON refers FROM "parallel owner"`);
    const before = await look(database.db_name);
    const { source, manifest, result } = await backUp(OWNER, database.db_name, { jobs: 2, globals: true });
    expect([namesOf(manifest), result.warnings]).toEqual([["pre-data", "data-1", "data-2", "post-data", "globals"], []]);
    await session.query("DROP MATERIALIZED VIEW sums; DROP TABLE refers, closed");
    expect(await restore(source, OWNER, database.db_name)).toMatchObject({ type: "completed", result: { warnings: [] } });
    expect(await look(database.db_name)).toEqual(before);
    expect(namesOf((await backUp(OWNER, database.db_name, { globals: true, format: "sql", jobs: 4 })).manifest)).toEqual(["all", "globals"]);
    await admin("REVOKE SELECT ON pg_auth_members FROM PUBLIC", database.db_name);
    const without = await backUp(OWNER, database.db_name, { globals: true });
    expect([without.manifest.format_version, without.result.warnings]).toEqual([1, [{ code: "globals_left_out", message: expect.stringContaining("pg_auth_members") }]]);
  });

  test("holds one state, whatever is written meanwhile; auto takes it for a large database", async () => {
    await using database = await freshDatabase(server, "moving");
    for (const name of ["a", "b", "c", "d"]) {
      await database.connection.query(`CREATE TABLE ${name} AS SELECT n AS id, 0 AS version, repeat(md5(n::text), 8) AS text FROM generate_series(1, 30000) n; CREATE INDEX ON ${name} (id)`);
    }
    await using writer = await connect(server, database.db_name);
    const stop = new AbortController();
    let written = 0;
    const writing = (async () => {
      for (; !stop.signal.aborted; written++) await writer.query(`BEGIN; ${["d", "c", "b", "a"].map((name) => `UPDATE ${name} SET version = version + 1 WHERE id = 7`).join("; ")}; COMMIT`);
    })();
    await until("writes", () => written > 10);
    const { source, manifest } = await backUp(database, database.db_name, { jobs: 4 });
    const during = written;
    stop.abort();
    await writing;
    expect(namesOf(manifest)).toHaveLength(6);
    expect(during).toBeGreaterThan(20);
    expect(await restore(source, database, database.db_name)).toMatchObject({ type: "completed" });
    const [row] = await admin("SELECT count(DISTINCT version) AS versions FROM (SELECT * FROM a UNION ALL SELECT * FROM b UNION ALL SELECT * FROM c UNION ALL SELECT * FROM d) t WHERE id = 7", database.db_name);
    expect(row).toEqual({ versions: "1" });
    expect(namesOf((await backUp(database, database.db_name, { jobs: "auto" })).manifest)).toEqual([undefined]); // far from 1 GiB
  });
});

/** How many sessions of a job's programs copy rows at this moment. */
const copying = async (job_id: number): Promise<number> => (await admin(`SELECT FROM pg_stat_activity WHERE application_name LIKE 'safebase-${job_id}-%' AND query LIKE 'COPY%' AND state = 'active'`)).length;

/** The rows of each table are loaded in a second, and dumped at once. */
async function fillSlowly({ connection }: TestDatabase, rows: number): Promise<void> {
  await connection.query(`CREATE FUNCTION slow(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN IF id = 1 AND current_database() LIKE ''safebase%'' THEN PERFORM pg_catalog.pg_sleep(60); END IF; RETURN id; END'`);
  for (const name of ["a", "b", "c"]) await connection.query(`CREATE TABLE ${name} (id int CHECK (public.slow(id) = id), text text); INSERT INTO ${name} SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, ${rows}) n`);
}

test("what cannot be made over the rows fails a parallel restore with a sentence, and leaves the target as it was", async () => {
  await using database = await freshDatabase(server, "broken");
  await database.connection.query(`CREATE TABLE rates (r int); INSERT INTO rates VALUES (2); CREATE TABLE t AS SELECT generate_series(1, 900) AS id; CREATE INDEX ON t (id);
    CREATE FUNCTION rated(i int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN i * (SELECT max(r) FROM rates); END $$; CREATE INDEX rated_t ON t (rated(id))`);
  const { source } = await backUp(database, database.db_name, { jobs: 2 });
  const before = await look(database.db_name);
  expect(await restore(source, database, database.db_name)).toMatchObject({ type: "failed", failure: { code: "restore_failed", message: expect.stringContaining('relation "rates" does not exist') } });
  expect(await look(database.db_name)).toEqual(before);
});

describe("a job with several parts that is ended midway leaves nothing", () => {
  test("canceled or handed back while it dumps, canceled while it loads", async () => {
    await using database = await freshDatabase(server, "ended");
    await fillSlowly(database, 60_000);
    const files = await artifacts();
    const dump = rig.backupCommand(++lastId, rig.seal(database, database.db_name), { jobs: 3 });
    await rig.send(dump);
    await until("the parts to be dumped at once", async () => await copying(dump.job_id) > 1, { every_ms: 2 });
    rig.bus.broadcast(subjects.cancel, { job_id: dump.job_id });
    expect(await rig.ended(dump.job_id)).toMatchObject({ type: "canceled" });
    expect([await artifacts(), await copying(dump.job_id)]).toEqual([files, 0]);

    const again = rig.backupCommand(++lastId, rig.seal(database, database.db_name), { jobs: 3 });
    await rig.send(again);
    await until("the parts to be dumped at once", async () => await copying(again.job_id) > 1, { every_ms: 2 });
    await executor[Symbol.asyncDispose]();
    expect([await artifacts(), await copying(again.job_id)]).toEqual([files, 0]);
    executor = await rig.startExecutor();
    const source = refOf(again, await rig.ended(again.job_id));

    const before = await look(database.db_name);
    const load = rig.restoreCommand(++lastId, source, rig.seal(database, database.db_name));
    await rig.send(load);
    await until("the parts to be loaded at once", async () => await copying(load.job_id) > 1, { every_ms: 5 });
    rig.bus.broadcast(subjects.cancel, { job_id: load.job_id });
    expect(await rig.ended(load.job_id)).toMatchObject({ type: "canceled" });
    expect(await look(database.db_name)).toEqual(before);
    expect(await admin(`SELECT datname FROM pg_database WHERE datname LIKE 'safebase\\_${load.job_id}\\_%'`)).toEqual([]);
  });
});
