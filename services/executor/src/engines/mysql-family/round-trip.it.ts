import { connect, fillRealistic, fingerprint, freshDatabase, type ServerInfo, type Fingerprint } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { asRoot, connectionTo, dump, engineOf, familyServers, freshName, load, restore, testContext } from "./fixture.ts";

async function fingerprintOf(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using session = await connect(server, db_name);
  return await fingerprint(session);
}

describe.each(familyServers())("$name", ({ server }) => {
  it("brings back the schema and every row under a new name and in place", async () => {
    await using database = await freshDatabase(server, "shop");
    await fillRealistic(database.connection, { rows: 500 });
    await using context = await testContext();
    const before = await fingerprintOf(server, database.db_name);
    const made = await dump(server, connectionTo(server, database.db_name), context);
    expect(made.text.trimEnd().split("\n").at(-1)).toMatch(/^-- Dump completed/);
    expect(made.contents.tables.find((table) => table.name === "orders")).toEqual({ name: "orders", rows: 500, exact: true });

    await using copy = await freshName(server, "copy");
    const renamed = await restore(server, connectionTo(server, copy.db_name), made, true, context);
    expect(renamed.replaces).toBe(false);
    expect(await fingerprintOf(server, copy.db_name)).toEqual(before);

    await database.connection.query("DROP TABLE order_lines; DELETE FROM orders; CREATE TABLE leftover (id int)");
    await database.connection.query("CREATE VIEW lv AS SELECT * FROM leftover; CREATE PROCEDURE lp() SELECT 1; CREATE FUNCTION lf() RETURNS int DETERMINISTIC RETURN 1; CREATE EVENT le ON SCHEDULE EVERY 1 DAY DO SELECT 1");
    if (server.engine === "mariadb") await database.connection.query("CREATE SEQUENCE ls");
    const replaced = await restore(server, connectionTo(server, database.db_name), made, false, context);
    expect(replaced.replaces).toBe(true);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
  });

  it("keeps the database's collation, zero dates, and rows that no exact count is claimed for", async () => {
    await using database = await freshName(server, "old");
    await asRoot(server, `CREATE DATABASE \`${database.db_name}\` CHARACTER SET latin1 COLLATE latin1_german1_ci`);
    await using session = await connect(server, database.db_name);
    await session.query(`SET SESSION sql_mode = ''; CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, d date, dt datetime, s varchar(10) CHARACTER SET latin1 COLLATE latin1_german1_ci) ENGINE=MyISAM;
      INSERT INTO t VALUES (1, '0000-00-00', '2024-00-00 00:00:00', 'ä'); CREATE FUNCTION f(s varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN s`);
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    expect(made.prepared.warnings).toContainEqual(expect.objectContaining({ code: "not_transactional", message: expect.stringContaining("t (MyISAM)") }));
    await using copy = await freshName(server, "copy");
    await restore(server, connectionTo(server, copy.db_name), made, true, context);
    expect(await fingerprintOf(server, copy.db_name)).toEqual(await fingerprintOf(server, database.db_name));
    await using root = await connect(server, copy.db_name);
    expect(await root.query("SELECT @@collation_database AS c")).toEqual([{ c: "latin1_german1_ci" }]);
  });

  it("claims no exact count of a table that changed meanwhile (trap 11)", async () => {
    await using database = await freshDatabase(server, "busy");
    await database.connection.query("CREATE TABLE quiet (id int PRIMARY KEY); CREATE TABLE moving (id int PRIMARY KEY); INSERT INTO moving VALUES (1), (2)");
    await using context = await testContext();
    await using prepared = await engineOf(server).prepareDump(connectionTo(server, database.db_name), { format: "sql" }, context);
    await database.connection.query("INSERT INTO moving VALUES (3)");
    expect((await prepared.contents()).tables).toEqual([{ name: "moving", rows: 3, exact: false }, { name: "quiet", rows: 0, exact: true }]);
  });

  it("restores a 10 MB blob though it travels as 20 MB (trap 6)", async () => {
    await using database = await freshDatabase(server, "blobs");
    await database.connection.query("CREATE TABLE blobs (id int PRIMARY KEY, b longblob); INSERT INTO blobs VALUES (1, REPEAT(0x00ff27, 3500000))");
    const [before] = await database.connection.query("SELECT @@global.max_allowed_packet AS bytes");
    await asRoot(server, "SET GLOBAL max_allowed_packet = 16777216");
    try {
      await using context = await testContext();
      const made = await dump(server, connectionTo(server, database.db_name), context);
      expect(made.prepared.warnings).toContainEqual(expect.objectContaining({ code: "max_allowed_packet", message: expect.stringContaining("blobs") }));
      await using copy = await freshName(server, "copy");
      await restore(server, connectionTo(server, copy.db_name), made, true, context);
      expect((await fingerprintOf(server, copy.db_name)).tables).toEqual((await fingerprintOf(server, database.db_name)).tables);
      expect(await database.connection.query("SELECT @@global.max_allowed_packet AS bytes")).toEqual([{ bytes: expect.toSatisfy((bytes) => Number(bytes) === 16777216) }]);
      // Unannounced, as by a backup of long ago: a clear error, no data in it.
      const silent = { ...made, manifest: { ...made.manifest, warnings: [] } };
      await using other = await freshName(server, "other");
      const failure = await restore(server, connectionTo(server, other.db_name), silent, true, context).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "restore_failed", hint: expect.stringContaining("max_allowed_packet") });
      expect(String(failure).length).toBeLessThan(300);
    } finally {
      await asRoot(server, `SET GLOBAL max_allowed_packet = ${String(before?.["bytes"])}`);
    }
  });

  it("never fails silently on what it loads: a cut dump does not pass the check (trap 3)", async () => {
    await using database = await freshDatabase(server, "cut");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY, s text); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    const contents = { ...made.contents, tables: [{ name: "t", rows: 3, exact: true }] };
    await using copy = await freshName(server, "copy");
    await using prepared = await engineOf(server).prepareRestore(connectionTo(server, copy.db_name), { manifest: { ...made.manifest, contents }, must_be_new: true }, context);
    await prepared.begin();
    await load(prepared, made.path);
    await expect(prepared.commit()).rejects.toMatchObject({ code: "restore_failed", message: "t has 2 rows after the load, the backup had 3" });
    expect(await prepared.rollback()).toBe(true);
    await expect(connect(server, copy.db_name)).rejects.toThrow(/Unknown database/);
  });
});
