import { fillRealistic, freshDatabase, type Engine } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatsOf, type Lab, look, tidied } from "./lab.ts";

const SERVERS: readonly { engine: Engine; version: string; tool: RegExp }[] = [
  { engine: "postgresql", version: "15", tool: /^pg_dump 15\./ },
  { engine: "postgresql", version: "17", tool: /^pg_dump 17\./ },
  { engine: "postgresql", version: "18", tool: /^pg_dump 18\./ },
  { engine: "mariadb", version: "10.11", tool: /^mariadb-dump 10\.11\./ },
  { engine: "mariadb", version: "11.8", tool: /^mariadb-dump 11\.8\./ },
  { engine: "mysql", version: "9", tool: /^mysqldump 9\./ },
];

/** Every supported server version: its databases come back, whichever executor does it. */
export function roundTrips(open: () => Promise<Lab | undefined>): void {
  let lab: Lab | undefined;
  beforeAll(async () => { lab = await open(); });
  afterAll(async () => { await lab?.[Symbol.asyncDispose](); });

  describe.each(SERVERS.flatMap((server) => formatsOf(server.engine).map((format) => ({ ...server, format }))))("$engine $version, $format", ({ engine, version, tool, format }) => {
    test("a realistic database comes back in place and under a new name, by the client of its version", async (context) => {
      if (lab === undefined) return context.skip("no container engine");
      const server = await lab.server(engine, version);
      await using database = await freshDatabase(server, "matrix");
      await fillRealistic(database.connection, { rows: 300 });
      const before = await look(server, database.db_name);
      const backup = await lab.backUp(server, database.db_name, format);
      expect(backup.result.tool).toMatch(tool);
      expect(backup.result.contents.tables.length).toBeGreaterThan(5);

      const copy = `${database.db_name}_copy`;
      expect(await lab.restore(backup, server, copy, true)).toMatchObject({ result: { replaced: false } });
      await tidied(server, copy);
      expect(await look(server, copy)).toEqual(before);
      await database.connection.query(`DROP DATABASE ${copy}`);

      await database.connection.query("DELETE FROM order_lines");
      await database.connection.query("CREATE TABLE newcomer (id int)");
      expect(await lab.restore(backup, server, database.db_name, false)).toMatchObject({ result: { replaced: true } });
      await tidied(server, database.db_name);
      expect(await look(server, database.db_name)).toEqual(before);
    });
  });
}
