import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, freshDatabase, type ServerInfo, type TestDatabase, until } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import type { EngineContext } from "../engine.ts";
import { asRoot, connectionTo, dump, engineOf, familyServers, freshName, load, restore, testContext, type TestDump } from "./fixture.ts";
import { createDatabase } from "./new-database.ts";
import { openSession } from "./session.ts";

async function twoRows(server: ServerInfo, context: EngineContext): Promise<{ database: TestDatabase; made: TestDump }> {
  const database = await freshDatabase(server, "source");
  await database.connection.query("CREATE TABLE t (id int PRIMARY KEY, s varchar(50)); INSERT INTO t VALUES (1, 'sécret one'), (2, 'sécret two')");
  return { database, made: await dump(server, connectionTo(server, database.db_name), context) };
}

async function tablesOf(server: ServerInfo, db_name: string): Promise<unknown[] | undefined> {
  return connect(server, db_name).then(async (session) => {
    await using open = session;
    return (await open.query("SHOW TABLES")).map((row) => Object.values(row)[0]);
  }, () => undefined);
}

describe.each(familyServers())("$name", ({ server }) => {
  it("refuses a new name that is taken, before and at the last moment", async () => {
    await using context = await testContext();
    const { database, made } = await twoRows(server, context);
    await using source = database;
    await expect(restore(server, connectionTo(server, source.db_name), made, true, context)).rejects.toMatchObject({ code: "conflict" });
    for (const must_be_new of [true, false]) {
      await using late = await freshName(server, "late");
      await using prepared = await engineOf(server).prepareRestore(connectionTo(server, late.db_name), { manifest: made.manifest, must_be_new }, context);
      expect(prepared.apart).toBe(true);
      await asRoot(server, `CREATE DATABASE \`${late.db_name}\``, `CREATE TABLE \`${late.db_name}\`.theirs (id int)`);
      await expect(prepared.begin()).rejects.toMatchObject({ code: "conflict" });
      expect(await prepared.rollback()).toBe(true);
      expect(await tablesOf(server, late.db_name)).toEqual(["theirs"]);
      await using inPlace = await engineOf(server).prepareRestore(connectionTo(server, late.db_name), { manifest: made.manifest, must_be_new: false }, context);
      expect(inPlace.apart).toBe(false);
    }
  });

  it("starts over what a run that died half-way had begun, and leaves other jobs' work alone", async () => {
    await using context = await testContext("job_7");
    await using other = await testContext("job_8");
    const { database, made } = await twoRows(server, context);
    await using source = database;
    await using copy = await freshName(server, "copy");
    const target = connectionTo(server, copy.db_name);
    const options = { manifest: made.manifest, must_be_new: true };
    await using died = await engineOf(server).prepareRestore(target, options, context);
    await died.begin();
    await asRoot(server, `CREATE TABLE \`${copy.db_name}\`.half (id int)`);
    await expect(engineOf(server).prepareRestore(target, options, other)).rejects.toMatchObject({ code: "conflict" });
    await engineOf(server).cleanUp(target, other);
    expect(await tablesOf(server, copy.db_name)).toHaveLength(2);
    await using again = await engineOf(server).prepareRestore(target, options, context);
    expect(again).toMatchObject({ replaces: false, already_loaded: false });
    await again.begin();
    await load(again, made.path);
    await again.commit();
    await using third = await engineOf(server).prepareRestore(target, options, context);
    expect(third.already_loaded).toBe(true);
    await third.commit();
    expect(await engineOf(server).cleanUp(target, context)).toBe("restored");
    expect(await engineOf(server).cleanUp(target, context)).toBe("untouched");
    expect(await tablesOf(server, copy.db_name)).toEqual(["t"]);
    expect(source.db_name).not.toBe(copy.db_name);
  });

  it("knows a database that it had made but not yet marked, where the server can say whose it is", async () => {
    await using context = await testContext("job_11");
    await using other = await testContext("job_12");
    const { database, made } = await twoRows(server, context);
    await using source = database;
    await using copy = await freshName(server, "copy");
    const target = connectionTo(server, copy.db_name);
    const options = { manifest: made.manifest, must_be_new: true };
    expect(source.db_name).not.toBe(copy.db_name);
    const diesUnmarked = async (): Promise<void> => {
      await using session = await openSession(target, { db_name: null });
      await createDatabase(session, { db_name: copy.db_name, tag: context.tag });
    };
    await diesUnmarked();
    await expect(engineOf(server).prepareRestore(target, options, other)).rejects.toMatchObject({ code: "conflict" });
    if (server.engine === "mysql") {
      // An empty database may be somebody's: it stays, and the user is told.
      await expect(engineOf(server).prepareRestore(target, options, context)).rejects.toMatchObject({ code: "conflict" });
      expect(await engineOf(server).cleanUp(target, context)).toBe("untouched");
      expect(await tablesOf(server, copy.db_name)).toEqual([]);
      return;
    }
    await asRoot(server, `CREATE TABLE \`${copy.db_name}\`.theirs (id int)`);
    await expect(engineOf(server).prepareRestore(target, options, context)).rejects.toMatchObject({ code: "conflict" });
    expect(await engineOf(server).cleanUp(target, context)).toBe("untouched");
    await asRoot(server, `DROP TABLE \`${copy.db_name}\`.theirs`);
    expect((await restore(server, target, made, true, context)).replaces).toBe(false);
    expect(await tablesOf(server, copy.db_name)).toEqual(["t"]);
    expect(await source.connection.query("SELECT SCHEMA_COMMENT AS c FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [copy.db_name])).toEqual([{ c: "" }]);
    await asRoot(server, `DROP DATABASE \`${copy.db_name}\``);
    await diesUnmarked();
    expect(await engineOf(server).cleanUp(target, context)).toBe("untouched");
    expect(await tablesOf(server, copy.db_name)).toBeUndefined();
  });

  it("cleans up after a run that died: a new database goes, a replaced one is known to be half loaded", async () => {
    await using context = await testContext("job_9");
    const { database, made } = await twoRows(server, context);
    await using source = database;
    await using copy = await freshName(server, "copy");
    for (const [db_name, must_be_new, state] of [[copy.db_name, true, "untouched"], [source.db_name, false, "half_loaded"]] as const) {
      const target = connectionTo(server, db_name);
      await using died = await engineOf(server).prepareRestore(target, { manifest: made.manifest, must_be_new }, context);
      await died.begin();
      expect(await engineOf(server).cleanUp(target, context)).toBe(state);
      expect(await engineOf(server).cleanUp(target, context)).toBe(state);
    }
    expect(await tablesOf(server, copy.db_name)).toBeUndefined();
  });

  it("puts a half loaded target back from another backup, dying on the way", async () => {
    await using context = await testContext("job_10");
    const { database, made } = await twoRows(server, context);
    await using source = database;
    const target = connectionTo(server, source.db_name);
    const safety = { ...made, manifest: { ...made.manifest, backup_id: 2 } };
    await using died = await engineOf(server).prepareRestore(target, { manifest: made.manifest, must_be_new: false }, context);
    await died.begin();
    expect(await died.rollback()).toBe(false);
    await using second = await engineOf(server).prepareRestore(target, { manifest: safety.manifest, must_be_new: false }, context);
    await second.begin();
    expect(await engineOf(server).cleanUp(target, context)).toBe("half_loaded");
    await using third = await engineOf(server).prepareRestore(target, { manifest: safety.manifest, must_be_new: false }, context);
    expect(third.already_loaded).toBe(false);
    await third.begin();
    await load(third, made.path);
    await third.commit();
    expect(await engineOf(server).cleanUp(target, context)).toBe("untouched");
    expect(await tablesOf(server, source.db_name)).toEqual(["t"]);
  });

  it("sees its own client at work, also while others run statements with 4-byte characters", async () => {
    await using context = await testContext();
    const { database, made } = await twoRows(server, context);
    await using source = database;
    await using other = await connect(server);
    const sleeping = other.query(`SELECT SLEEP(3), '${"😀".repeat(60)}'`);
    const target = connectionTo(server, source.db_name);
    await using prepared = await engineOf(server).prepareRestore(target, { manifest: made.manifest, must_be_new: false }, context);
    expect(await prepared.isBusy()).toBe(false);
    await using client = await connect(server, source.db_name);
    const working = client.query("SELECT COUNT(*), SLEEP(1) FROM t");
    await until("the server to be busy", () => prepared.isBusy());
    await Promise.all([working, sleeping]);
    expect(await prepared.isBusy()).toBe(false);
  });

  it("says whether the target is as it was when a load fails, and shows no data (trap 8)", async () => {
    await using context = await testContext();
    const { database, made } = await twoRows(server, context);
    await using source = database;
    const path = join(context.work_dir, "wrong.sql");
    await writeFile(path, made.text.replace(/\(2,/, "(2 2,"), "latin1");
    await using copy = await freshName(server, "copy");
    for (const [db_name, must_be_new] of [[copy.db_name, true], [source.db_name, false]] as const) {
      await using prepared = await engineOf(server).prepareRestore(connectionTo(server, db_name), { manifest: made.manifest, must_be_new }, context);
      expect(await prepared.rollback()).toBe(true); // nothing touched yet
      await prepared.begin();
      const failure = await load(prepared, path).catch((error: unknown) => error as Error);
      expect(failure).toMatchObject({ code: "restore_failed", message: expect.stringMatching(/SQL syntax.* near '…'.*1064/) });
      expect(`${String(failure)}${String((failure as Error).cause)}`).not.toContain("cret");
      expect(await prepared.rollback()).toBe(must_be_new);
    }
    expect(await tablesOf(server, copy.db_name)).toBeUndefined();
  });

  it.each([
    "\\! touch PWNED", "system touch PWNED", "select 1; \\! touch PWNED", "DELIMITER ;;\nselect 1;;\n\\! touch PWNED", "select 'a' \\! touch PWNED\n;",
    "\\T PWNED\nselect 1;", "tee PWNED\nselect 1;", "pager touch PWNED\nselect 1;", "\\P touch PWNED\nselect 1;", "\\. /etc/passwd", "source /etc/passwd",
    "/*!50000 \\! touch PWNED\n*/;", "/*!999999\\- enable the sandbox mode */ \n\\! touch PWNED", "edit", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t;",
  ])("runs no program and reads no file here for a dump that says %j", async (line) => {
    await using context = await testContext();
    const { database, made } = await twoRows(server, context);
    await using source = database;
    const trap = join(context.work_dir, "pwned");
    const path = join(context.work_dir, "hostile.sql");
    await using copy = await freshName(server, "copy");
    for (const text of [`${line.replaceAll("PWNED", trap)}\n${made.text}`, `${made.text}\n${line.replaceAll("PWNED", trap)}\n`]) {
      await writeFile(path, text, "latin1");
      await using prepared = await engineOf(server).prepareRestore(connectionTo(server, copy.db_name), { manifest: made.manifest, must_be_new: true }, context);
      await prepared.begin();
      const failure = await load(prepared, path).then(() => undefined, (error: unknown) => error);
      expect(existsSync(trap)).toBe(false);
      expect(failure).toMatchObject({ code: expect.stringMatching(/restore_failed|insufficient_privileges/) });
      expect(String(failure)).not.toContain("root:");
      expect(await prepared.rollback()).toBe(true);
    }
    expect(source.db_name).toBeTruthy();
  });
});

// Our statements wait 20 s for another's locks: both servers at the same time.
it.concurrent.each(familyServers())("leaves all in place when another session holds a lock on $name", { timeout: 120_000 }, async ({ server }) => {
  await using context = await testContext();
  const { database, made } = await twoRows(server, context);
  await using source = database;
  await source.connection.query("CREATE TABLE before_it (id int); CREATE VIEW v AS SELECT * FROM t; START TRANSACTION; SELECT * FROM t");
  await using prepared = await engineOf(server).prepareRestore(connectionTo(server, source.db_name), { manifest: made.manifest, must_be_new: false }, context);
  await expect(prepared.begin()).rejects.toMatchObject({ code: "target_busy", hint: expect.stringContaining("locks") });
  expect(await prepared.rollback()).toBe(true);
  expect(await tablesOf(server, source.db_name)).toEqual(["before_it", "t", "v"]);
});
