import { readFile } from "node:fs/promises";
import { connect, freshDatabase, type TestDatabase } from "@safebase/testing";
import type { Connection } from "@safebase/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { sedArgs } from "./sql-filter.ts";
import { postgresEngine } from "./index.ts";
import { admin, dumpToFile, fingerprintOf, leftovers, registered, restoreFile, script, testContext } from "./testing.ts";

const server = inject("postgres");
const OWNER = "restoring owner";

beforeAll(async () => { await admin(server, `CREATE ROLE "${OWNER}" LOGIN CREATEDB PASSWORD 'o'; CREATE ROLE restore_reader; CREATE ROLE restore_other`); });
afterAll(async () => { await admin(server, `DROP ROLE "${OWNER}"; DROP ROLE restore_reader; DROP ROLE restore_other`); });

const asOwner = (db_name: string): Connection => registered(server, db_name, { username: OWNER, password: "o" });

/** A database that belongs to a user without more rights than CREATEDB, as hosted ones do. */
async function ownedDatabase(): Promise<TestDatabase> {
  const database = await freshDatabase(server, "owned");
  await admin(server, `ALTER DATABASE "${database.db_name}" OWNER TO "${OWNER}"`);
  await using session = await connect({ ...server, username: OWNER, password: "o" }, database.db_name);
  await session.query(`CREATE EXTENSION pgcrypto; CREATE TABLE t AS SELECT generate_series(1, 100) AS id;
    GRANT SELECT ON t TO restore_reader; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
  return database;
}

async function ownership(db_name: string) {
  return await admin(server, `SELECT pg_get_userbyid(relowner) AS owner, relacl::text AS acl FROM pg_class WHERE relname = 't'`, db_name);
}

describe("a restoring user who is no superuser", () => {
  it.each(["custom", "sql"] as const)("replaces his own database with owners and grants, under timeouts of a moment, %s", async (format) => {
    await using database = await ownedDatabase();
    await using context = await testContext();
    await database.connection[Symbol.asyncDispose](); // a superuser's: it could not be ended
    const before = await fingerprintOf(server, database.db_name);
    const owners = await ownership(database.db_name);
    const dumped = await dumpToFile(asOwner(database.db_name), format, context);
    await admin(server, "DROP TABLE t", database.db_name);
    await admin(server, `ALTER ROLE "${OWNER}" SET statement_timeout = '20ms'; ALTER ROLE "${OWNER}" SET idle_session_timeout = '250ms'`);
    try {
      const restore = await restoreFile(dumped, asOwner(database.db_name), context);
      expect(restore.warnings).toEqual([]);
    } finally {
      await admin(server, `ALTER ROLE "${OWNER}" RESET ALL`);
    }
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    expect(await ownership(database.db_name)).toEqual(owners);
    expect(await leftovers(server, context)).toEqual([]);
  });

  it("takes others' objects over as his own, and is told; SQL, which cannot do without its owners, is refused before", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id; ALTER TABLE t OWNER TO restore_other");
    const copy = `${database.db_name}_copy`;
    try {
      const custom = await dumpToFile(registered(server, database.db_name), "custom", context);
      const restore = await restoreFile(custom, asOwner(copy), context, { must_be_new: true });
      expect(restore.warnings).toEqual([{ code: "owners_not_restored", message: expect.stringContaining("restore_other") }]);
      expect(await ownership(copy)).toEqual([{ owner: OWNER, acl: null }]);
      const sql = await dumpToFile(registered(server, database.db_name), "sql", context);
      await expect(restoreFile(sql, asOwner(copy), context)).rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringContaining("restore_other") });
    } finally {
      await admin(server, `DROP DATABASE IF EXISTS "${copy}"`);
    }
  });

  it("may not replace another's database, nor make one without CREATEDB", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    const dumped = await dumpToFile(registered(server, database.db_name), "custom", context);
    const options = { manifest: dumped.manifest, must_be_new: false };
    await expect(postgresEngine.prepareRestore(asOwner(database.db_name), options, context))
      .rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringContaining(`belongs to "postgres"`) });
    await admin(server, `ALTER ROLE "${OWNER}" NOCREATEDB`);
    try {
      await expect(postgresEngine.prepareRestore(asOwner("new one"), options, context))
        .rejects.toMatchObject({ code: "insufficient_privileges", hint: expect.stringContaining(`ALTER ROLE "${OWNER}" CREATEDB`) });
    } finally {
      await admin(server, `ALTER ROLE "${OWNER}" CREATEDB`);
    }
  });

  it("cannot end a superuser's session: the target stays, and the sentence says who holds it", { timeout: 120_000 }, async () => {
    await using database = await ownedDatabase();
    await using context = await testContext();
    const dumped = await dumpToFile(asOwner(database.db_name), "custom", context);
    const before = await fingerprintOf(server, database.db_name);
    await expect(restoreFile(dumped, asOwner(database.db_name), context)) // database.connection is a superuser's
      .rejects.toMatchObject({ code: "target_busy", message: expect.stringContaining("postgres") });
    expect(await database.connection.query("SELECT count(*) AS n FROM t")).toEqual([{ n: "100" }]);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    expect(await leftovers(server, context)).toEqual([]);
  });
});

describe("roles that the server does not have", () => {
  it("cost the owners and grants, not the restore", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await admin(server, "CREATE ROLE restore_gone");
    await database.connection.query(`CREATE TABLE t AS SELECT 1 AS id; GRANT SELECT ON t TO restore_gone`);
    const dumped = await dumpToFile(registered(server, database.db_name), "custom", context);
    await database.connection.query("DROP OWNED BY restore_gone");
    await admin(server, "DROP ROLE restore_gone");
    const restore = await restoreFile(dumped, registered(server, database.db_name), context);
    expect(restore.warnings).toEqual([{ code: "owners_not_restored", message: expect.stringContaining("restore_gone") }]);
    expect(await admin(server, "SELECT count(*) AS n FROM t", database.db_name)).toEqual([{ n: "1" }]);
  });
});

describe("clients newer than the server", () => {
  it("have their one unknown setting taken out on the way", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query(`CREATE TABLE t AS SELECT E'\\\\restrict a\\nSET transaction_timeout = 0;' AS v`);
    const before = await fingerprintOf(server, database.db_name);
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    // A stand-in for pg_restore 17 where only 15 is installed: says its version, and the line that 17 writes.
    await script(context, "pg_restore", `[ "$1" = --version ] && echo 'pg_restore (PostgreSQL) 17.6' && exit
      ${server.bin_dir}/pg_restore "$@" | sed 's/^SET lock_timeout = 0;$/&\\nSET transaction_timeout = 0;/'`);
    const manifest = { ...dumped.manifest, tool: { ...dumped.manifest.tool, version: "17.5" } };
    const newer = { ...context, client_dirs: [context.work_dir] };
    let programs: string[] = [];
    await restoreFile({ ...dumped, manifest }, target, newer, { stages: (stages) => { programs = stages.map((stage) => stage.program.replace(/.*\//, "")); return stages; } });
    expect(programs).toEqual(["pg_restore", "sed", "psql"]);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    const keeping = { transaction_timeout: true };
    await expect(restoreFile({ ...dumped, manifest }, target, newer, { stages: (stages) => stages.map((stage) => stage.program === "sed" ? { ...stage, args: sedArgs(keeping) } : stage) }))
      .rejects.toMatchObject({ message: expect.stringContaining("transaction_timeout") });
  });

  it("a plain dump holds the rows as they are, though lines look like commands", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    const line = "SET transaction_timeout = 0;";
    await database.connection.query(`CREATE TABLE t AS SELECT unnest(ARRAY['${line}', '\\unrestrict x', 'ok']) AS v`);
    const before = await fingerprintOf(server, database.db_name);
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "sql", context);
    expect(await readFile(dumped.path, "utf8")).toContain(`\n${line}\n`);
    const manifest = { ...dumped.manifest, tool: { ...dumped.manifest.tool, version: "17.6" } };
    await restoreFile({ ...dumped, manifest }, target, context);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });
});
