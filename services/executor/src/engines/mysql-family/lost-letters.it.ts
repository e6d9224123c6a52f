import { connect, freshDatabase } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { connectionTo, dump, engineOf, familyServers, freshName, restore, testContext } from "./fixture.ts";
import { doubtfulLabels } from "./lost-letters.ts";

describe.each(familyServers())("$name", ({ server }) => {
  it("names columns whose labels lose letters of four bytes, and loses just what it names", async () => {
    await using database = await freshDatabase(server, "letters");
    await database.connection.query(`CREATE TABLE t (id int PRIMARY KEY,
        lost enum('a','it''s','😀 b','why?'), lost_set set('x','y?','z😀'), unused enum('a','😀'), asked enum('a, b','why?') DEFAULT 'why?',
        asked_set set('really?','no'), short enum('ü','漢?') CHARACTER SET utf8mb3, plain enum('a','ü漢'), d varchar(10) DEFAULT '😀', q varchar(10) DEFAULT '?');
      CREATE VIEW v AS SELECT * FROM t;
      INSERT INTO t (id, lost, lost_set, unused, asked, asked_set, short, plain)
      VALUES (1, '😀 b', 'y?,z😀', 'a', 'why?', 'really?,no', '漢?', 'ü漢'), (2, 'why?', 'x', 'a', 'a, b', 'no', 'ü', 'a')`);
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    const expected = [
      { code: "enum_label", message: expect.stringMatching(/come back empty from a restore: t\.lost, t\.lost_set$/) },
      { code: "enum_label", message: expect.stringMatching(/which no row shows.*: t\.unused$/) },
      ...(server.engine === "mariadb" ? [{ code: "column_default", message: expect.stringMatching(/: t\.d$/) }] : []),
    ];
    expect(made.prepared.warnings).toEqual(expected);
    expect((await engineOf(server).probe(connectionTo(server, database.db_name), context)).warnings).toEqual(expected);

    await using copy = await freshName(server, "copy");
    await restore(server, connectionTo(server, copy.db_name), made, true, context);
    await using loaded = await connect(server, copy.db_name);
    expect(await loaded.query("SELECT lost, asked, asked_set, short, plain, d FROM t ORDER BY id")).toEqual([
      { lost: "", asked: "why?", asked_set: "really?,no", short: "漢?", plain: "ü漢", d: "😀" },
      { lost: "why?", asked: "a, b", asked_set: "no", short: "ü", plain: "a", d: "😀" },
    ]);
  });
});

it.each([["enum('a','it''s?','?')", [2, 3]], ["enum('?'',''','x')", [1]], ["enum('a,?b','')", [1]], ["enum('x')", []]])("finds the labels with ? in %s", (type, expected) => {
  expect(doubtfulLabels({ data_type: "enum", type })).toEqual(expected);
});
