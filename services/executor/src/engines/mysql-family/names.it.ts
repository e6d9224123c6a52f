import { connect, fingerprint, type Fingerprint, freshDatabase, type Row, type ServerInfo } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { asRoot, connectionTo, dump, familyServers, freshName, restore, testContext } from "./fixture.ts";
import { quoteName } from "./names.ts";

/** Objects of every kind, made under one collation of the database, which then gets another. Returns the lookalike line. */
async function fill(server: ServerInfo, db_name: string): Promise<string> {
  const line = `ALTER DATABASE ${quoteName(db_name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ;`;
  const text = `'first\n${line.replaceAll("'", "''")}\n/*! it is text */'`;
  await using session = await connect(server, db_name);
  for (const statement of [
    "ALTER DATABASE COLLATE utf8mb4_general_ci",
    "CREATE TABLE t (id int PRIMARY KEY, b blob, s text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci)", `INSERT INTO t VALUES (1, 0x00ff275c, ${text})`,
    `CREATE VIEW v AS SELECT id, ${text} AS s FROM t`,
    `CREATE PROCEDURE p(a varchar(10)) BEGIN\n/*\n${line}\n*/\nSELECT ${text}, a;\nEND`,
    "CREATE FUNCTION f(a varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN a",
    "CREATE TRIGGER first_one BEFORE INSERT ON t FOR EACH ROW SET @a = 1",
    `CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW\nBEGIN\nSET @a = ${text};\nEND`,
    `CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' DO BEGIN\nSELECT ${text};\nEND`,
    "ALTER DATABASE COLLATE utf8mb4_bin",
    "CREATE FUNCTION g(a varchar(10)) RETURNS varchar(10) DETERMINISTIC RETURN a",
  ]) await session.query(statement);
  return line;
}

async function stateOf(server: ServerInfo, db_name: string): Promise<{ all: Fingerprint; collations: Row[] }> {
  await using session = await connect(server, db_name);
  const collations = await session.query(`SELECT ROUTINE_NAME AS name, DATABASE_COLLATION AS collation, DTD_IDENTIFIER AS type FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
    UNION SELECT TRIGGER_NAME, DATABASE_COLLATION, '' FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
    UNION SELECT EVENT_NAME, DATABASE_COLLATION, '' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() ORDER BY 1`);
  return { all: await fingerprint(session), collations };
}

const withoutEvents = (state: Awaited<ReturnType<typeof stateOf>>): typeof state =>
  ({ all: { ...state.all, events: {} }, collations: state.collations.filter((row) => row["name"] !== "e") });

describe.each(familyServers())("$name", ({ server }) => {
  it.each([
    "plain", "-rf", "a b", "a=b", "x; DROP DATABASE mysql", "..", "../up", "b`tick", "ünï 漢字", "100%_=#", ".*[a]^$&", "it's", 'q"q', "back\\slash",
  ])("takes the database name %s, with code of another collation than its own", async (prefix) => {
    await using database = await freshDatabase(server, prefix);
    const line = await fill(server, database.db_name);
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    // Bytes of the name, for the text is latin1; one is the procedure's, and others stand in trigger and event.
    expect(made.text.split("\n").filter((found) => found === Buffer.from(line).toString("latin1")).length).toBeGreaterThan(4);
    const leftOut = server.engine === "mariadb" && /['"\\]/.test(prefix);
    expect(made.prepared.warnings.filter(({ code }) => code === "events_left_out"))
      .toEqual(leftOut ? [expect.objectContaining({ message: expect.stringMatching(/ e$/) })] : []);
    const whole = await stateOf(server, database.db_name);
    expect(whole.collations.map((row) => row["collation"])).toEqual(["e", "f", "first_one", "g", "p", "tr"].map((name) => (name === "g" ? "utf8mb4_bin" : "utf8mb4_general_ci")));
    const before = leftOut ? withoutEvents(whole) : whole;

    await using beside = await freshName(server, `${prefix} beside`);
    await restore(server, connectionTo(server, beside.db_name), made, true, context);
    expect(await stateOf(server, beside.db_name)).toEqual(before);
    expect(await stateOf(server, database.db_name)).toEqual(whole);

    // Not even for a moment: without the source, a statement that names it fails.
    await asRoot(server, `DROP DATABASE ${quoteName(database.db_name)}`);
    await using alone = await freshName(server, `${prefix} alone`);
    const unfiltered = { ...made, manifest: { ...made.manifest, database: { ...made.manifest.database, name: alone.db_name } } };
    await expect(restore(server, connectionTo(server, alone.db_name), unfiltered, true, context)).rejects.toMatchObject({ message: expect.stringMatching(/at line \d+ \((1|3503)\)/) });
    await asRoot(server, `DROP DATABASE IF EXISTS ${quoteName(alone.db_name)}`);
    await restore(server, connectionTo(server, alone.db_name), made, true, context);
    expect(await stateOf(server, alone.db_name)).toEqual(before);

    await restore(server, connectionTo(server, database.db_name), made, true, context);
    await restore(server, connectionTo(server, database.db_name), made, false, context);
    expect(await stateOf(server, database.db_name)).toEqual(before);
  });
});
