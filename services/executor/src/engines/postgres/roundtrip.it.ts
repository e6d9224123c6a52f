import { fillRealistic, freshDatabase, connect, quoteName } from "@safebase/testing";
import { describe, expect, inject, it } from "vitest";
import { admin, dumpToFile, fingerprintOf, leftovers, registered, restoreFile, testContext } from "./testing.ts";

const server = inject("postgres");

describe.each(["custom", "sql"] as const)("round trip, %s", (format) => {
  it("brings back schema and every row, in place of what has become of it, past sessions that hold on", async () => {
    await using database = await freshDatabase(server, "shop");
    await using context = await testContext();
    await fillRealistic(database.connection, { rows: 500 });
    const before = await fingerprintOf(server, database.db_name);
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, format, context);
    expect(dumped.contents.tables.length).toBeGreaterThan(10);
    expect(dumped.contents.tables.filter((table) => !table.exact)).toEqual([]);

    await database.connection.query("DROP TABLE customers CASCADE; DELETE FROM audit; CREATE TABLE newcomer (id int)");
    await using idle = await connect(server, database.db_name);
    await using inTransaction = await connect(server, database.db_name);
    await idle.query("SELECT 1");
    await inTransaction.query("BEGIN; LOCK TABLE audit");
    const restore = await restoreFile(dumped, target, context);

    expect(restore.replaces).toBe(true);
    expect(restore.warnings.filter((warning) => warning.code === "property_not_kept")).toEqual([]);
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    await expect(idle.query("SELECT 1")).rejects.toThrow();
    expect(await leftovers(server, context)).toEqual([]);
  });

  it.each([
    "plain", "with space", `qu"ote'd`, "a=b", "semi;colon; DROP DATABASE postgres", "postgres://x@y/z", "../../etc/passwd",
    "ünï ☃ 😀", "host=nowhere dbname=template1", "back\\slash", "$(touch x)`y`", "%s%n", "-d", "tab\tline\nbreak",
  ])("into a new database from one, both named like %j", async (name) => {
    await using database = await freshDatabase(server, name);
    await using context = await testContext();
    await database.connection.query(`CREATE TABLE t (id int PRIMARY KEY, "v" text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 20) i`);
    const before = await fingerprintOf(server, database.db_name);
    const dumped = await dumpToFile(registered(server, database.db_name), format, context);
    const copy = `${name} copy ${format}`;
    try {
      const restore = await restoreFile(dumped, registered(server, copy), context, { must_be_new: true });
      expect(restore.replaces).toBe(false);
      expect(await fingerprintOf(server, copy)).toEqual(before);
      const [row] = await admin(server, `SELECT shobj_description(oid, 'pg_database') AS comment, datacl::text AS acl FROM pg_database WHERE datname = '${copy.replaceAll("'", "''")}'`);
      expect(row).toEqual({ comment: null, acl: "{postgres=CTc/postgres,=Tc/postgres}" });
      expect(await leftovers(server, context)).toEqual([]);
    } finally {
      await admin(server, `DROP DATABASE IF EXISTS ${quoteName("postgresql", copy)} WITH (FORCE)`);
    }
  });
});
