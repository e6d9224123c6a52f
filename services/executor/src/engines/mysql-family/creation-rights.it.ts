import type { Connection } from "@safebase/contracts";
import { connect, type DatabaseServer, freshDatabase, mysqlMissing, startMariadb, startMysql } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asRoot, connectionTo, dump, familyServers, freshName, restore, testContext } from "./fixture.ts";

const quiet = { code: "insufficient_privileges" };

describe.each(familyServers())("$name", ({ server }) => {
  it("refuses a backup with code of other definers while the target is whole, in place and new", async () => {
    await using source = await freshDatabase(server, "source");
    await source.connection.query("CREATE TABLE t (id int PRIMARY KEY); CREATE PROCEDURE p() SELECT 1");
    await using target = await freshDatabase(server, "target");
    await target.connection.query("CREATE TABLE precious (id int PRIMARY KEY)");
    await using copy = await freshName(server, "copy");
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, source.db_name), context);
    const username = `o${target.db_name.slice(-8)}`;
    await asRoot(server, `CREATE USER ${username}@'%' IDENTIFIED BY 'pw'`, ...[target, copy].map(({ db_name }) => `GRANT ALL ON \`${db_name}\`.* TO ${username}@'%'`));
    const refusal = { ...quiet, message: expect.stringMatching(/the backup has .* of other definers.*nothing was changed/) };
    await expect(restore(server, connectionTo(server, target.db_name, { username, password: "pw" }), made, false, context)).rejects.toMatchObject(refusal);
    await expect(restore(server, connectionTo(server, copy.db_name, { username, password: "pw" }), made, true, context)).rejects.toMatchObject(refusal);
    expect(await target.connection.query("SHOW TABLES")).toHaveLength(1);
    expect(await target.connection.query(`SHOW DATABASES LIKE '${copy.db_name}'`)).toEqual([]);
    await asRoot(server, `DROP USER ${username}@'%'`);
  });
});

const WITH_BINLOG = [
  { name: "MariaDB", start: () => startMariadb({ args: ["--log-bin=binlog", "--server-id=1"] }), missing: undefined },
  { name: "MySQL", start: () => startMysql(), missing: mysqlMissing() },
].filter(({ missing }) => missing === undefined);

describe.each(WITH_BINLOG)("$name with a binary log", ({ start }) => {
  let server: DatabaseServer;
  beforeAll(async () => { server = await start(); });
  afterAll(async () => server[Symbol.asyncDispose]());

  const trust = (value: "ON" | "OFF"): Promise<void> => asRoot(server, `SET GLOBAL log_bin_trust_function_creators = ${value}`);
  const tablesOf = async ({ db_name }: Connection): Promise<number> => {
    await using session = await connect(server, db_name);
    return (await session.query("SHOW TABLES")).length;
  };

  it("refuses triggers and functions of a user without SUPER before the target is emptied (1419)", async () => {
    await using database = await freshDatabase(server, "own");
    await asRoot(server, "CREATE USER own@'%' IDENTIFIED BY 'pw'", `GRANT ALL ON \`${database.db_name}\`.* TO own@'%'`);
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY); CREATE DEFINER = own@'%' TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1");
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    await database.connection.query("DROP TRIGGER tr; CREATE TABLE precious (id int)");
    const target = connectionTo(server, database.db_name, { username: "own", password: "pw" });
    await expect(restore(server, target, made, false, context)).rejects.toMatchObject({ ...quiet, message: expect.stringMatching(/the backup has triggers.*nothing was changed/) });
    expect(await tablesOf(target)).toBe(2);
    await trust("ON");
    await restore(server, target, made, false, context);
    expect(await tablesOf(target)).toBe(1);
    await trust("OFF");
    // What is in the target now, its safety backup could not bring back either.
    const harmless = { ...made, manifest: { ...made.manifest, facts: {} } };
    await expect(restore(server, target, harmless, false, context)).rejects.toMatchObject({ ...quiet, message: expect.stringMatching(/^own_.* has triggers.*nothing was changed/) });
    await asRoot(server, "DROP USER own@'%'");
  });

  it("refuses functions that say nothing of what they do, whoever restores (1418)", async () => {
    await using database = await freshDatabase(server, "unsafe");
    await trust("ON");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS int RETURN 1");
    await using context = await testContext();
    const target = connectionTo(server, database.db_name);
    const made = await dump(server, target, context);
    await trust("OFF");
    await expect(restore(server, target, made, false, context)).rejects.toMatchObject({ ...quiet, message: expect.stringMatching(/DETERMINISTIC.*nothing was changed/) });
    expect(await tablesOf(target)).toBe(1);
    await trust("ON");
    await restore(server, target, made, false, context);
    await trust("OFF");
  });
});
