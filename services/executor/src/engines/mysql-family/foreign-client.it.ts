import { writeFile } from "node:fs/promises";
import { connect, fillRealistic, fingerprint, freshDatabase } from "@safebase/testing";
import { describe, expect, inject, it } from "vitest";
import { DROP_SANDBOX_LINE } from "./args.ts";
import { asRoot, connectionTo, dump, engineOf, freshName, restore, testContext } from "./fixture.ts";

const server = inject("mysql");

// Set-up prints why MySQL cannot be had where it cannot.
describe.skipIf(server === null)("MariaDB's client on MySQL", () => {
  it("stands in for a missing mysqldump, and MySQL's client loads what it wrote (trap 9)", async () => {
    if (server === null) return;
    await using database = await freshDatabase(server, "shop");
    await fillRealistic(database.connection, { rows: 100 });
    await using installed = await testContext("a", []);
    await expect(dump(server, connectionTo(server, database.db_name), installed))
      .rejects.toMatchObject({ code: "server_unsupported", message: expect.stringMatching(/customers/), hint: expect.stringContaining("MySQL's client") });
    await database.connection.query("ALTER TABLE customers DROP COLUMN name_length, DROP COLUMN initial");
    await using session = await connect(server, database.db_name);
    const before = await fingerprint(session);
    await using all = await testContext("b");
    const made = await dump(server, connectionTo(server, database.db_name), installed);
    expect(made.manifest.tool.name).toBe("mariadb-dump");
    expect(made.prepared.warnings).toContainEqual(expect.objectContaining({ code: "foreign_client" }));
    expect(made.text.split("\n")[0]).toMatch(/sandbox/);
    for (const context of [installed, all]) {
      await using copy = await freshName(server, "copy");
      const target = connectionTo(server, copy.db_name);
      await using prepared = await engineOf(server).prepareRestore(target, { manifest: made.manifest, must_be_new: true }, context);
      const [filter, loader] = prepared.steps()[0]![0]!.stages;
      expect(loader?.program).toMatch(context === all ? /\/mysql$/ : /\/mariadb$/);
      expect(filter?.args.includes(DROP_SANDBOX_LINE[1]!)).toBe(context === all);
      await restore(server, target, made, true, context);
      await using loaded = await connect(server, copy.db_name);
      expect(await fingerprint(loaded)).toEqual(before);
    }
  });

  it("drops the older form of the sandbox line, at which MySQL's client stops", async () => {
    if (server === null) return;
    await using database = await freshDatabase(server, "old");
    await asRoot(server, `CREATE TABLE \`${database.db_name}\`.t (id int PRIMARY KEY)`);
    await using installed = await testContext("a", []);
    await using all = await testContext("b");
    const made = await dump(server, connectionTo(server, database.db_name), installed);
    await writeFile(made.path, made.text.replace("/*M!999999", "/*!999999"), "latin1");
    await using copy = await freshName(server, "copy");
    await restore(server, connectionTo(server, copy.db_name), made, true, all);
    await expect(restore(server, connectionTo(server, copy.db_name), { ...made, manifest: { ...made.manifest, tool: { ...made.manifest.tool, name: "mysqldump" } } }, false, all))
      .rejects.toMatchObject({ message: expect.stringContaining("Unknown command") });
  });
});
