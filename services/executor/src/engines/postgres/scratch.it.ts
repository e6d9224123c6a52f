import { freshDatabase } from "@safebase/testing";
import { createReadStream } from "node:fs";
import { runPipeline } from "@safebase/artifact";
import { expect, inject, it } from "vitest";
import { postgresEngine } from "./index.ts";
import { admin, dumpToFile, leftovers, registered, restoreFile, testContext } from "./testing.ts";

const server = inject("postgres");

it("a test restore counts every table, whatever its name, schema and size, and leaves nothing", async () => {
  await using database = await freshDatabase(server, "scratch");
  await database.connection.query(`CREATE SCHEMA "Odd schema"; CREATE TABLE "Odd schema"."odd ""table" (id int); INSERT INTO "Odd schema"."odd ""table" SELECT generate_series(1, 7);
    CREATE TABLE parent (id int); CREATE TABLE child () INHERITS (parent); INSERT INTO child VALUES (1); CREATE UNLOGGED TABLE fast AS SELECT 1 AS id;
    CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT; INSERT INTO parts VALUES (1), (2); CREATE MATERIALIZED VIEW m AS SELECT 1;
    CREATE TABLE hidden (id int); INSERT INTO hidden VALUES (1); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE hidden FORCE ROW LEVEL SECURITY`);
  await using context = await testContext();
  const dumped = await dumpToFile(registered(server, database.db_name), "custom", context);
  const prepared = await postgresEngine.prepareRestore(registered(server, `${database.db_name}_scratch`), { manifest: dumped.manifest, must_be_new: true, scratch: true }, context);
  await prepared.begin();
  await runPipeline({ stages: prepared.steps()[0]![0]!.stages, input: createReadStream(dumped.path) });
  const { tables } = await prepared.loaded();
  expect(tables.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(dumped.contents.tables);
  expect(tables.map(({ name, rows }) => [name, rows])).toEqual([['Odd schema.odd "table', 7], ["public.child", 1], ["public.fast", 1], ["public.hidden", 1], ["public.parent", 0], ["public.part", 2]]);
  expect(await leftovers(server, context)).toHaveLength(1);
  for (let twice = 0; twice < 2; twice++) expect(await postgresEngine.cleanUp(registered(server, `${database.db_name}_scratch`), context, { scratch: true })).toBe("untouched");
  expect(await leftovers(server, context)).toEqual([]);
});

it.each(["custom", "sql"] as const)("a restored subscription keeps no side database from being removed, nor asks its publisher, %s", async (format) => {
  await using database = await freshDatabase(server, "subscribed");
  await database.connection.query("CREATE TABLE t (id int)");
  // Nothing answers there: whoever would drop the slot at the publisher, failed.
  await database.connection.query(`CREATE SUBSCRIPTION "odd ""sub" CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false, slot_name = 'theirs')`);
  try {
    await using context = await testContext();
    const dumped = await dumpToFile(registered(server, database.db_name), format, context);
    const target = registered(server, `${database.db_name}_scratch`);
    const beforeCommit = async () => {
      const [side] = await leftovers(server, context);
      expect(await admin(server, `SELECT 1 FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = '${side}'`)).toHaveLength(1);
      throw new Error("stop here");
    };
    await expect(restoreFile(dumped, target, context, { must_be_new: true, beforeCommit })).rejects.toThrow("stop here");
    expect(await leftovers(server, context)).toEqual([]);
    expect(await database.connection.query("SELECT subslotname::text AS slot FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())")).toEqual([{ slot: "theirs" }]);
  } finally {
    await database.connection.query(`ALTER SUBSCRIPTION "odd ""sub" SET (slot_name = NONE)`);
    await database.connection.query(`DROP SUBSCRIPTION "odd ""sub"`);
  }
});
