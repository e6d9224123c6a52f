import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Progress, subjects, type Contents, type JobEvent, type VerifyCommand } from "@safebase/contracts";
import { connect, fillRealistic, freshDatabase, quoteName, until, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { refOf, scratchName, startRig, type Rig } from "./fixture.ts";

let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const servers: (readonly [string, ServerInfo | null])[] = [["postgresql", inject("postgres")], ["mariadb", inject("mariadb")], ["mysql", inject("mysql")]];

async function databases(server: ServerInfo): Promise<string[]> {
  await using session = await connect(server);
  const list = server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA";
  return (await session.query(list)).map(({ name }) => String(name));
}

const scratches = async (server: ServerInfo, id: number): Promise<string[]> => (await databases(server)).filter((name) => name.startsWith(scratchName(id)));

async function queried(server: ServerInfo, sql: string): Promise<unknown[]> {
  await using session = await connect(server);
  return await session.query(sql);
}

/** Runs SQL as the superuser, each statement by itself. */
async function admin(server: ServerInfo, ...statements: string[]): Promise<void> {
  await using session = await connect(server);
  for (const statement of statements) await session.query(statement);
}

async function backUp(database: TestDatabase, changes = {}): Promise<{ event: JobEvent; contents: Contents; ref: ReturnType<typeof refOf>; path: string }> {
  const command = rig.backupCommand(++lastId, rig.seal(database, database.db_name), changes);
  await rig.send(command);
  const event = await rig.ended(command.job_id);
  if (event.type !== "completed" || event.result.kind !== "backup") throw new Error(JSON.stringify(event));
  return { event, contents: event.result.contents, ref: refOf(command, event), path: join(rig.data_dir, "artifacts", event.result.key) };
}

/** Fills a database so that a test restore of it takes a few seconds: PostgreSQL is too fast for rows alone. */
async function fillSlowly({ engine, connection }: TestDatabase): Promise<void> {
  if (engine !== "postgresql") return fillRealistic(connection, { rows: 60_000 });
  await connection.query(`CREATE TABLE t AS SELECT 1 AS id; CREATE FUNCTION slow(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
    'BEGIN IF current_database() LIKE ''safebase%'' THEN PERFORM pg_catalog.pg_sleep(3); END IF; RETURN id; END'; CREATE INDEX ON t (slow(id))`);
}

async function run(command: VerifyCommand): Promise<JobEvent> {
  await rig.send(command);
  return rig.ended(command.job_id);
}

describe.each(servers)("a test restore on %s", (_engine, info) => {
  const server = info as ServerInfo;

  test.skipIf(info === null)("proves a backup in every format: all tables, all rows, nothing left, the source untouched", async () => {
    await using database = await freshDatabase(server, "verify");
    await fillRealistic(database.connection, { rows: 200 });
    for (const format of server.engine === "postgresql" ? ["custom", "sql"] as const : ["sql"] as const) {
      const { contents, ref } = await backUp(database, { format });
      const event = await run(rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name)));
      expect(event).toMatchObject({ type: "completed", result: { kind: "verify", tables: contents.tables.length, differences: [] } });
      const { rows } = (event as { result: { rows: number } }).result;
      expect(rows).toBe(contents.tables.reduce((sum, table) => sum + table.rows, 0));
      expect(rows).toBeGreaterThan(200);
      expect(await scratches(server, lastId)).toEqual([]);
    }
  });

  test.skipIf(info === null)("names the tables that differ: rows, one missing, one too many", async () => {
    await using database = await freshDatabase(server, "differs");
    await database.connection.query("CREATE TABLE kept (id int PRIMARY KEY); CREATE TABLE more (id int PRIMARY KEY); INSERT INTO kept VALUES (1), (2); INSERT INTO more VALUES (1)");
    const { contents, ref } = await backUp(database);
    const [kept, more] = contents.tables.map(({ name }) => name) as [string, string];
    const gone = kept.replace("kept", "gone");
    const expected = { tables: [{ name: kept, rows: 3, exact: true }, { name: gone, rows: 9, exact: false }] };
    const command = rig.verifyCommand(++lastId, ref, expected, rig.seal(database, database.db_name));
    expect(await run(command)).toMatchObject({
      type: "completed",
      result: {
        tables: 2, rows: 3,
        differences: [{ table: kept, expected_rows: 3, found_rows: 2 }, { table: gone, expected_rows: 9, found_rows: null }, { table: more, expected_rows: null, found_rows: 1 }],
      },
    });
    expect(await scratches(server, command.job_id)).toEqual([]);
  });

  test.skipIf(info === null)("of a damaged artifact fails for that, and leaves nothing", async () => {
    await using database = await freshDatabase(server, "damaged");
    await fillRealistic(database.connection, { rows: 20 });
    const { contents, ref, path } = await backUp(database);
    const damaged = await readFile(path);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 1;
    await writeFile(path, damaged);
    const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name));
    expect(await run(command)).toMatchObject({ type: "failed", failure: { code: "artifact_damaged" } });
    expect(await scratches(server, command.job_id)).toEqual([]);
  });

  test.skipIf(info === null)("canceled while it loads leaves nothing", async () => {
    await using database = await freshDatabase(server, "canceled");
    await fillSlowly(database);
    const { contents, ref } = await backUp(database);
    const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name));
    let seen: string[] | undefined;
    using _listener = rig.bus.listen(subjects.progress("default", command.job_id), (payload) => {
      if (Progress.parse(payload).phase !== "load" || seen !== undefined) return;
      seen = [];
      void scratches(server, command.job_id).then((names) => { seen = names; rig.bus.broadcast(subjects.cancel, { job_id: command.job_id }); });
    });
    expect(await run(command)).toMatchObject({ type: "canceled" });
    expect(seen).toHaveLength(1); // it was there
    expect(await scratches(server, command.job_id)).toEqual([]);
  });

  test.skipIf(info === null)("that was handed back half-way is cleared away by a clean-up, and done anew by another executor", async () => {
    await using database = await freshDatabase(server, "handed");
    await fillSlowly(database);
    const { contents, ref } = await backUp(database);
    for (const cleanup_only of [true, false]) {
      const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name));
      const loading = Promise.withResolvers<void>();
      using _listener = rig.bus.listen(subjects.progress("default", command.job_id), (payload) => { if (Progress.parse(payload).phase === "load") loading.resolve(); });
      await rig.send(command);
      await loading.promise;
      await executor[Symbol.asyncDispose]();
      expect(await scratches(server, command.job_id)).toHaveLength(1);
      if (cleanup_only) {
        await rig.nats.wipe(); // the command with it: the gateway's clean-up comes in its place
        await until("the queue to take the command", () => rig.send({ ...command, cleanup_only }));
      }
      executor = await rig.startExecutor();
      expect(await rig.ended(command.job_id)).toMatchObject(cleanup_only ? { type: "canceled" } : { type: "completed", result: { differences: [] } });
      expect(await scratches(server, command.job_id)).toEqual([]);
    }
  });

  test.skipIf(info === null)("never takes a database that somebody else has made", async () => {
    await using database = await freshDatabase(server, "taken");
    await database.connection.query("CREATE TABLE t (id int)");
    const { contents, ref } = await backUp(database);
    const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name));
    const names = [scratchName(command.job_id), `${scratchName(command.job_id)}_new`];
    await admin(server, ...names.map((name) => `CREATE DATABASE ${quoteName(server.engine, name)}`));
    try {
      await using session = await connect(server, names[0]);
      await session.query("CREATE TABLE mine (id int)");
      expect(await run(command)).toMatchObject({ type: "failed", failure: { code: "conflict", message: expect.stringContaining(names[0]!) } });
      const again = { ...command, job_id: ++lastId, cleanup_only: true };
      expect(await run(again)).toMatchObject({ type: "canceled" });
      expect((await scratches(server, command.job_id)).sort()).toEqual(names);
      expect(await session.query("SELECT * FROM mine")).toEqual([]);
    } finally {
      await admin(server, ...names.map((name) => `DROP DATABASE ${quoteName(server.engine, name)}`));
    }
  });

  test.skipIf(info === null)("is refused in a database that is not named as scratch databases are", async () => {
    await using database = await freshDatabase(server, "named");
    const { contents, ref } = await backUp(database);
    for (const cleanup_only of [false, true]) {
      const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name), { target: { connection: rig.seal(database, database.db_name) }, cleanup_only });
      expect(await run(command)).toMatchObject({ type: "failed", failure: { code: "bad_request" } });
    }
    expect(await databases(server)).toContain(database.db_name);
  });

  test.skipIf(info === null)("by a user who may not make databases says what he needs; nothing is made", async () => {
    await using database = await freshDatabase(server, "rights");
    await database.connection.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
    const { contents, ref } = await backUp(database);
    const isPostgres = server.engine === "postgresql";
    await admin(server, ...(isPostgres ? ["CREATE ROLE verify_poor LOGIN PASSWORD 'p'"]
      : ["CREATE USER verify_poor IDENTIFIED BY 'p'", `GRANT ALL ON ${quoteName(server.engine, database.db_name)}.* TO verify_poor`]));
    try {
      const poor = rig.seal({ ...server, username: "verify_poor", password: "p" }, database.db_name);
      const command = rig.verifyCommand(++lastId, ref, contents, poor);
      expect(await run(command)).toMatchObject({
        type: "failed", failure: { code: "insufficient_privileges", message: expect.stringContaining("verify_poor"), hint: expect.stringContaining(isPostgres ? "CREATEDB" : "GRANT ALL ON `safebase\\_verify\\_%`.*") },
      });
      expect(await scratches(server, command.job_id)).toEqual([]);
      await admin(server, isPostgres ? "ALTER ROLE verify_poor CREATEDB" : "GRANT ALL ON `safebase\\_verify\\_%`.* TO verify_poor");
      expect(await run(rig.verifyCommand(++lastId, ref, contents, poor))).toMatchObject({ type: "completed", result: { rows: 1, differences: [] } });
    } finally {
      await admin(server, isPostgres ? "DROP ROLE verify_poor" : "DROP USER verify_poor");
    }
  });

  test.skipIf(info === null)("ends at its limit, and leaves nothing", async () => {
    await using database = await freshDatabase(server, "limit");
    await fillSlowly(database);
    const { contents, ref } = await backUp(database);
    const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name), { limits: { time_s: 0.4, stall_s: 60 } });
    expect(await run(command)).toMatchObject({ type: "failed", failure: { code: "time_limit", message: expect.stringContaining("0.4 s") } });
    expect(await scratches(server, command.job_id)).toEqual([]);
  });
});

test("a scratch database that somebody holds on to is removed as soon as he lets go", async () => {
  const server = inject("mariadb");
  await using database = await freshDatabase(server, "held");
  await fillRealistic(database.connection, { rows: 60_000 });
  const { contents, ref } = await backUp(database);
  const command = rig.verifyCommand(++lastId, ref, contents, rig.seal(database, database.db_name));
  await rig.send(command);
  await using holder = await connect(server);
  await holder.query("SET lock_wait_timeout = 1");
  await holder.query("BEGIN");
  await until("a table of it to be held", async () => {
    const tables = await holder.query(`SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${scratchName(command.job_id)}' AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE '%safebase%'`);
    for (const { name } of tables) if (await holder.query(`SELECT 1 FROM \`${scratchName(command.job_id)}\`.\`${String(name)}\` LIMIT 1`).then(() => true, () => false)) return true;
    return false;
  }, { timeout_ms: 20_000 });
  rig.bus.broadcast(subjects.cancel, { job_id: command.job_id });
  const dropping = async () => (await queried(server, "SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DROP DATABASE%safebase_verify%'")).length > 0;
  await until("it to be dropped", dropping, { timeout_ms: 20_000 });
  await until("the server to refuse", async () => !await dropping(), { timeout_ms: 40_000 });
  expect(rig.events.filter(({ job_id }) => job_id === command.job_id).map(({ type }) => type)).toEqual(["started"]);
  await holder.query("COMMIT");
  expect(await rig.ended(command.job_id)).toMatchObject({ type: "canceled" });
  expect(await scratches(server, command.job_id)).toEqual([]);
}, 120_000);

test("no secret and no work folder is left by any of them", async () => {
  expect(JSON.stringify(rig.events)).not.toMatch(/password_sealed/);
  await executor[Symbol.asyncDispose]();
  const work = await readdir(join(rig.data_dir, "executor", "work"));
  executor = await rig.startExecutor();
  expect(work).toEqual([]);
});
