import { connect, type DatabaseServer, freshDatabase, startPostgres } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresEngine } from "./index.ts";
import { admin, dumpToFile, fingerprintOf, leftovers, registered, restoreFile, testContext } from "./testing.ts";

let server: DatabaseServer; // of its own: these tests change what all databases of a server share
beforeAll(async () => { server = await startPostgres({ args: ["-c", "max_prepared_transactions=5", "-c", "wal_level=logical"] }); });
afterAll(async () => server[Symbol.asyncDispose]());

describe("special targets", () => {
  it("the maintenance database itself is replaced, from within another one", async () => {
    await using context = await testContext();
    await admin(server, "CREATE TABLE t AS SELECT generate_series(1, 10) AS id");
    const before = await fingerprintOf(server, "postgres");
    const target = registered(server, "postgres");
    const dumped = await dumpToFile(target, "custom", context);
    await admin(server, "DROP TABLE t");
    await restoreFile(dumped, target, context);
    expect(await fingerprintOf(server, "postgres")).toEqual(before);
    expect(await leftovers(server, context)).toEqual([]);
  });

  it("a user who may enter neither postgres nor template1 works from any other database, and without one is told", async () => {
    await using database = await freshDatabase(server);
    await using other = await freshDatabase(server, "other");
    await using context = await testContext();
    await admin(server, `CREATE ROLE hosted LOGIN CREATEDB PASSWORD 'hosted-pw'; ALTER DATABASE "${database.db_name}" OWNER TO hosted;
      REVOKE CONNECT ON DATABASE postgres FROM PUBLIC; REVOKE CONNECT ON DATABASE template1 FROM PUBLIC`);
    await using session = await connect({ ...server, username: "hosted", password: "hosted-pw" }, database.db_name);
    await session.query("CREATE TABLE t AS SELECT 1 AS id");
    await database.connection[Symbol.asyncDispose]();
    const target = registered(server, database.db_name, { username: "hosted", password: "hosted-pw" });
    const dumped = await dumpToFile(target, "custom", context);
    await restoreFile(dumped, target, context);
    await admin(server, `REVOKE CONNECT ON DATABASE "${other.db_name}" FROM PUBLIC`);
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject({ code: "insufficient_privileges", hint: expect.stringContaining("GRANT CONNECT") });
    expect(await admin(server, "SELECT id FROM t", database.db_name)).toEqual([{ id: "1" }]);
  });

  it("a prepared transaction keeps its database: refused before anything is loaded", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    await database.connection.query("BEGIN");
    await database.connection.query("INSERT INTO t VALUES (2)");
    await database.connection.query("PREPARE TRANSACTION 'two phases'");
    await expect(restoreFile(dumped, target, context)).rejects.toMatchObject({ code: "target_busy", message: expect.stringContaining("two phases") });
    await database.connection.query("COMMIT PREPARED 'two phases'");
    expect(await database.connection.query("SELECT count(*) AS n FROM t")).toEqual([{ n: "2" }]);
  });

  it("a logical replication slot goes with the replaced database, and that is told", async () => {
    await using database = await freshDatabase(server);
    await using context = await testContext();
    await database.connection.query("CREATE TABLE t AS SELECT 1 AS id");
    await database.connection.query("SELECT pg_create_logical_replication_slot('follower', 'test_decoding')");
    const target = registered(server, database.db_name);
    const restore = await restoreFile(await dumpToFile(target, "custom", context), target, context);
    expect(restore.warnings).toEqual([{ code: "replication_slots", message: expect.stringContaining("follower") }]);
    expect(await leftovers(server, context)).toEqual([]);
  });

  it("a new database gets the source's sort order and encoding, or the server's where it has no such", async () => {
    await using context = await testContext();
    await admin(server, "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    await admin(server, "CREATE TABLE t AS SELECT 'Zoë' AS v", "latin");
    const dumped = await dumpToFile(registered(server, "latin"), "custom", context);
    expect(await restoreFile(dumped, registered(server, "latin 2"), context, { must_be_new: true })).toMatchObject({ warnings: [] });
    const pattern = (name: string) => admin(server, `SELECT pg_encoding_to_char(encoding) AS e, datcollate AS c FROM pg_database WHERE datname = '${name}'`);
    expect(await pattern("latin 2")).toEqual([{ e: "LATIN1", c: "C" }]);
    const elsewhere = { ...dumped.manifest, facts: { ...dumped.manifest.facts, encoding: "UTF8", collate: "xx_XX.utf8", ctype: "xx_XX.utf8" } };
    const restore = await restoreFile({ ...dumped, manifest: elsewhere }, registered(server, "latin 3"), context, { must_be_new: true });
    expect(restore.warnings).toEqual([{ code: "locale_not_kept", message: expect.stringContaining("xx_XX.utf8") }]);
    expect(await admin(server, "SELECT v FROM t", "latin 3")).toEqual([{ v: "Zoë" }]);
    await expect(postgresEngine.prepareRestore(registered(server, "ü".repeat(32)), { manifest: dumped.manifest, must_be_new: true }, context))
      .rejects.toMatchObject({ code: "bad_request" });
  });
});
