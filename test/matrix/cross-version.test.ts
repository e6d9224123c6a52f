import { connect, fillRealistic, freshDatabase, type Fingerprint, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { formatsOf, type Lab, look, openLab, tidied } from "./lab.ts";

let lab: Lab | undefined;
beforeAll(async () => { lab = await openLab(); });
afterAll(async () => { await lab?.[Symbol.asyncDispose](); });

function opened(context: TestContext): Lab {
  if (lab === undefined) return context.skip("no container engine");
  return lab;
}

async function filled(server: ServerInfo): Promise<{ database: TestDatabase; before: Fingerprint }> {
  const database = await freshDatabase(server, "cross");
  await fillRealistic(database.connection, { rows: 200 });
  return { database, before: await look(server, database.db_name) };
}

const UPGRADES = [
  { engine: "postgresql", from: "15", to: "17" }, { engine: "postgresql", from: "15", to: "18" }, { engine: "postgresql", from: "17", to: "18" },
  { engine: "mariadb", from: "10.11", to: "11.8" },
] as const;

describe.each(UPGRADES.flatMap((upgrade) => formatsOf(upgrade.engine).map((format) => ({ ...upgrade, format }))))("$engine $from → $to, $format", ({ engine, from, to, format }) => {
  test("a restore brings everything to the newer server", async (context) => {
    const [old, newer] = [await opened(context).server(engine, from), await opened(context).server(engine, to)];
    const source = await filled(old);
    await using _database = source.database;
    await using target = await freshDatabase(newer, "cross");
    const backup = await opened(context).backUp(old, source.database.db_name, format);
    expect(await opened(context).restore(backup, newer, target.db_name, false)).toMatchObject({ result: { replaced: true } });
    await tidied(newer, target.db_name);
    expect(await look(newer, target.db_name)).toEqual(source.before);
  });
});

const DOWN = [["18", "15"], ["17", "15"]] as const;

describe.each(DOWN.flatMap(([from, to]) => formatsOf("postgresql").map((format) => ({ from, to, format }))))("postgresql $from → $to, $format", ({ from, to, format }) => {
  test("what the older server knows comes over, past SET transaction_timeout, and the user is told of the age", async (context) => {
    const [newer, old] = [await opened(context).server("postgresql", from), await opened(context).server("postgresql", to)];
    const source = await filled(newer);
    await using _database = source.database;
    await using target = await freshDatabase(old, "cross");
    const backup = await opened(context).backUp(newer, source.database.db_name, format);
    const restored = await opened(context).restore(backup, old, target.db_name, false);
    expect(restored).toMatchObject({ result: { replaced: true, warnings: expect.arrayContaining([expect.objectContaining({ code: "older_server" })]) } });
    expect(await look(old, target.db_name)).toEqual(source.before);
  });

  test("what it does not know is refused, and the target stays as it was", async (context) => {
    const [newer, old] = [await opened(context).server("postgresql", from), await opened(context).server("postgresql", to)];
    await using database = await freshDatabase(newer, "cross");
    await database.connection.query("CREATE TABLE kept (a int); INSERT INTO kept VALUES (1)");
    await database.connection.query(from === "18" ? "CREATE TABLE newest (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)"
      : "CREATE TABLE newest (a int); CREATE VIEW of_newest AS SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a int PATH '$')) t");
    await using target = await freshDatabase(old, "cross");
    await target.connection.query("CREATE TABLE precious AS SELECT 1 AS a");
    const before = await look(old, target.db_name);
    const backup = await opened(context).backUp(newer, database.db_name, format);
    const refused = await opened(context).restore(backup, old, target.db_name, false);
    expect(refused).toMatchObject({ failure: { code: "restore_failed", message: expect.stringMatching(/syntax error|does not exist/), hint: expect.stringContaining(`${from}.`) } });
    expect(await look(old, target.db_name)).toEqual(before);
    await tidied(old, target.db_name);
  });
});

describe("sort orders of newer servers", () => {
  const LOCALES = [
    { from: "17", name: "builtin", sql: "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" },
    { from: "18", name: "builtin, Unicode", sql: "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'" },
    { from: "18", name: "ICU with rules", sql: "LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' ICU_RULES '& b < a'" },
  ];
  const SORT = `SELECT datlocprovider::text AS provider, datlocale AS locale, daticurules AS rules FROM pg_database WHERE datname = `;

  for (const { from, name: what, sql } of LOCALES) test(`${what} of ${from}: kept in place and in a new database, told where an older server lacks it`, async (context) => {
    const [server, old] = [await opened(context).server("postgresql", from), await opened(context).server("postgresql", "15")];
    await using database = await freshDatabase(server, "locale");
    const name = `${database.db_name}_sorted`;
    await using admin = await connect(server);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${sql}`);
    await using inside = await connect(server, name);
    await inside.query("CREATE TABLE words AS SELECT unnest(ARRAY['a', 'b', 'Z', 'ä', 'ß']) AS word");
    const before = await look(server, name);
    const [sort] = await admin.query(`${SORT}'${name}'`);
    const backup = await opened(context).backUp(server, name, "custom");
    for (const [target, must_be_new] of [[name, false], [`${name}_new`, true]] as const) {
      expect(await opened(context).restore(backup, server, target, must_be_new)).toMatchObject({ result: { warnings: [] } });
      expect(await look(server, target)).toEqual(before);
      expect(await admin.query(`${SORT}'${target}'`)).toEqual([sort]);
    }
    const told = await opened(context).restore(backup, old, name, true);
    expect(told).toMatchObject({ result: { warnings: expect.arrayContaining([expect.objectContaining({ code: "locale_not_kept" })]) } });
    expect((await look(old, name)).tables).toMatchObject({ "public.words": { rows: 5 } });
  });
});

describe.each(["15", "17", "18"])("a user of PostgreSQL %s who is no superuser", (version) => {
  test("restores his own database in place, and is refused before anything changes where he cannot be its owner", async (context) => {
    const server = await opened(context).server("postgresql", version);
    await using admin = await connect(server);
    const [me, other] = [`me_${version}`, `other_${version}`];
    await admin.query(`CREATE ROLE ${me} LOGIN CREATEDB PASSWORD 'mine'`);
    await admin.query(`CREATE ROLE ${other}`);
    const db_name = `owned_${version}`;
    await admin.query(`CREATE DATABASE ${db_name} OWNER ${me}`);
    const mine: ServerInfo = { ...server, username: me, password: "mine" };
    await using session = await connect(mine, db_name);
    await fillRealistic(session, { rows: 100 });
    const before = await look(server, db_name);
    const backup = await opened(context).backUp(mine, db_name, "custom");
    await session.query("DELETE FROM order_lines");
    expect(await opened(context).restore(backup, mine, db_name, false)).toMatchObject({ result: { replaced: true, warnings: [] } });
    expect(await look(server, db_name)).toEqual(before);

    // Since 16 a member may act with a role's rights without being able to become it, or to make it an owner.
    await admin.query(`GRANT ${other} TO ${me} ${version === "15" ? "" : "WITH INHERIT TRUE, SET FALSE"}`);
    await admin.query(`ALTER DATABASE ${db_name} OWNER TO ${other}`);
    const outcome = await opened(context).restore(backup, mine, db_name, false);
    if (version === "15") expect(outcome).toMatchObject({ result: { replaced: true } });
    else expect(outcome).toMatchObject({ failure: { code: "insufficient_privileges", message: expect.stringContaining(other) } });
    expect(await look(server, db_name)).toEqual(before);
    await tidied(server, db_name);
  });
});
