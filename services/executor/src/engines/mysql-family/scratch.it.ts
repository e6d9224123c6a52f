import { connect, freshDatabase, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import type { EngineContext, PreparedRestore } from "../engine.ts";
import { asRoot, connectionTo, dump, engineOf, familyServers, freshName, load, testContext, type TestDump } from "./fixture.ts";
import { isOursUnmarked } from "./new-database.ts";
import { quoteName } from "./names.ts";
import { openSession } from "./session.ts";

async function prepare(server: ServerInfo, scratch: TestDatabase, made: TestDump, context: EngineContext): Promise<PreparedRestore> {
  return engineOf(server).prepareRestore(connectionTo(server, scratch.db_name), { manifest: made.manifest, must_be_new: true, scratch: true }, context);
}

const clear = (server: ServerInfo, scratch: TestDatabase, context: EngineContext) => engineOf(server).cleanUp(connectionTo(server, scratch.db_name), context, { scratch: true });

async function exists(server: ServerInfo, name: string): Promise<boolean> {
  await using session = await connect(server);
  return (await session.query(`SHOW DATABASES WHERE \`Database\` = '${name}'`)).length === 1;
}

describe.each(familyServers())("a test restore on $name", ({ server }) => {
  it("wakes no event, whatever it is called or says; counts the tables without our marker; and is gone", async () => {
    await using database = await freshDatabase(server, "events");
    const text = "'ON COMPLETION NOT PRESERVE ENABLE DO'";
    for (const statement of [
      "CREATE TABLE t (id int); ", "INSERT INTO t VALUES (1), (2)", "CREATE TABLE `Empty one` (id int)", "CREATE VIEW v AS SELECT * FROM t",
      "CREATE EVENT plain ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' DO DELETE FROM t",
      `CREATE EVENT \`kept PRESERVE ENABLE\` ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' ON COMPLETION PRESERVE COMMENT ${text} DO BEGIN\nSELECT ${text};\nEND`,
      "CREATE EVENT off ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1",
    ]) await database.connection.query(statement);
    await using context = await testContext("safebase-verify-1-00000001");
    const made = await dump(server, connectionTo(server, database.db_name), context);
    await using scratch = await freshName(server, "scratch");
    await using prepared = await prepare(server, scratch, made, context);
    await prepared.begin();
    await load(prepared, made.path);
    const events = await database.connection.query(`SELECT EVENT_SCHEMA AS db, EVENT_NAME AS name, STATUS AS status FROM information_schema.EVENTS WHERE EVENT_SCHEMA IN ('${database.db_name}', '${scratch.db_name}')`);
    const statusOf = (db: string): Record<string, unknown> => Object.fromEntries(events.filter((row) => row["db"] === db).map((row) => [String(row["name"]), row["status"]]));
    expect(statusOf(scratch.db_name)).toEqual({ plain: "DISABLED", "kept PRESERVE ENABLE": "DISABLED", off: "DISABLED" });
    expect(statusOf(database.db_name)).toEqual({ plain: "ENABLED", "kept PRESERVE ENABLE": "ENABLED", off: "DISABLED" });
    expect((await prepared.loaded()).tables.sort((a, b) => a.rows - b.rows)).toEqual([{ name: "Empty one", rows: 0, exact: true }, { name: "t", rows: 2, exact: true }]);
    expect(await clear(server, scratch, context)).toBe("untouched");
    expect(await exists(server, scratch.db_name)).toBe(false);
    expect(await clear(server, scratch, context)).toBe("untouched"); // may be repeated
  });

  it("takes up, or clears away, what a run that died at any of its steps has left", async () => {
    await using database = await freshDatabase(server, "steps");
    await database.connection.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
    await using context = await testContext("safebase-verify-2-00000002");
    const made = await dump(server, connectionTo(server, database.db_name), context);
    await using scratch = await freshName(server, "scratch");
    for (const half of [false, true]) {
      for (const again of [true, false]) {
        await using dead = await prepare(server, scratch, made, context);
        await dead.begin();
        if (half) await load(dead, made.path);
        if (again) {
          await using next = await prepare(server, scratch, made, context);
          await next.begin();
          await load(next, made.path);
          expect((await next.loaded()).tables).toEqual([{ name: "t", rows: 1, exact: true }]);
        }
        await clear(server, scratch, context);
        expect(await exists(server, scratch.db_name)).toBe(false);
      }
    }
  });

  it("a database without our mark is ours only if it is empty, and the server knows no other mark", async () => {
    await using scratch = await freshDatabase(server, "bare");
    await using context = await testContext("safebase-verify-3-00000003");
    const place = { db_name: scratch.db_name, tag: context.tag };
    await using session = await openSession(connectionTo(server, scratch.db_name), { db_name: null });
    expect(await isOursUnmarked(session, place, true)).toBe(server.engine === "mysql"); // MariaDB's would have our comment
    expect(await isOursUnmarked(session, place, false)).toBe(false);
    for (const [make, drop] of [["CREATE TABLE theirs (id int)", "DROP TABLE theirs"], ["CREATE VIEW theirs AS SELECT 1", "DROP VIEW theirs"], ["CREATE PROCEDURE theirs() SELECT 1", "DROP PROCEDURE theirs"]] as const) {
      await scratch.connection.query(make);
      expect(await isOursUnmarked(session, place, true)).toBe(false);
      expect(await clear(server, scratch, context)).toBe("untouched");
      await scratch.connection.query(drop);
    }
    await clear(server, scratch, context);
    expect(await exists(server, scratch.db_name)).toBe(server.engine === "mariadb");
    await asRoot(server, `CREATE DATABASE IF NOT EXISTS ${quoteName(scratch.db_name)}`);
  });
});
