import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Connection } from "@safebase/contracts";
import { fillRealistic, freshDatabase, freePort, type ServerInfo } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { asRoot, connectionTo, dump, engineOf, familyServers, freshName, restore, testContext } from "./fixture.ts";

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** A user of its own, dropped when disposed of. `$DB` in a grant stands for the database. */
async function user(server: ServerInfo, db_name: string, grants: string[], password = "pässword"): Promise<Connection & AsyncDisposable> {
  const username = `u${randomBytes(5).toString("hex")}`;
  await asRoot(server, `CREATE USER ${username}@'%' IDENTIFIED BY ${quoted(password)}`,
    ...grants.map((grant) => `GRANT ${grant.replace("$DB", `\`${db_name.replaceAll("`", "``").replace(/[_%]/g, "\\$&")}\`.*`)} TO ${username}@'%'`));
  return {
    ...connectionTo(server, db_name, { username, password }),
    [Symbol.asyncDispose]: () => asRoot(server, `DROP USER ${username}@'%'`),
  };
}

describe.each(familyServers())("$name", ({ name, server }) => {
  const routines = server.engine === "mysql" ? "SHOW_ROUTINE ON *.*" : "SELECT ON mysql.proc";

  it("says before the dump what a user without rights will miss (trap 1)", async () => {
    await using database = await freshDatabase(server, "shop");
    await fillRealistic(database.connection, { rows: 20 });
    await using context = await testContext();
    await using some = await user(server, database.db_name, ["SELECT, SHOW VIEW ON $DB"]);
    const made = await dump(server, some, context);
    expect(made.text).not.toMatch(/CREATE.*TRIGGER|CREATE.*PROCEDURE|CREATE.*EVENT /);
    const messages = made.prepared.warnings.map((warning) => `${warning.code}: ${warning.message}`).join("\n");
    expect(messages).toMatch(/missing_privilege.*TRIGGER/);
    expect(messages).toMatch(/missing_privilege.*EVENT/);
    expect(messages).toMatch(/missing_privilege.*routines/);
    expect(await engineOf(server).probe(some, context)).toMatchObject({ warnings: made.prepared.warnings, connections: null });
    expect((await engineOf(server).probe(connectionTo(server, database.db_name), context)).connections).toBe(1);

    await using all = await user(server, database.db_name, ["SELECT, SHOW VIEW, TRIGGER, EVENT ON $DB", routines]);
    const whole = await dump(server, all, context);
    expect(whole.prepared.warnings).toEqual([]);
    expect(whole.text).toMatch(/TRIGGER `?customers_changed/);
    expect(whole.text).toMatch(/PROCEDURE `forget; all`/);
    expect(whole.text).toMatch(/EVENT `nightly/);
  });

  it("counts what roles give, and misses what they do not", async () => {
    await using database = await freshDatabase(server, "shop");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY)");
    await using context = await testContext();
    await using member = await user(server, database.db_name, []);
    const role = `r${randomBytes(5).toString("hex")}`;
    await asRoot(server, `CREATE ROLE ${role}`, `GRANT SELECT, EVENT ON \`${database.db_name}\`.* TO ${role}`, `GRANT ${routines} TO ${role}`,
      `GRANT ${role} TO ${member.username}@'%'`, `SET DEFAULT ROLE ${role} ${server.engine === "mysql" ? "TO" : "FOR"} ${member.username}@'%'`);
    const { warnings } = await engineOf(server).probe(member, context);
    expect(warnings.map((warning) => warning.message)).toEqual([expect.stringContaining("TRIGGER")]);
    await asRoot(server, `DROP ROLE ${role}`);
  });

  it("names a view that would end the dump, and why it did", async () => {
    await using database = await freshDatabase(server, "views");
    await database.connection.query("CREATE TABLE gone (id int); CREATE VIEW `sad view` AS SELECT id FROM gone; DROP TABLE gone");
    await using context = await testContext();
    expect((await engineOf(server).probe(connectionTo(server, database.db_name), context)).warnings)
      .toEqual([expect.objectContaining({ code: "broken_view", message: expect.stringContaining("sad view") })]);
    await expect(dump(server, connectionTo(server, database.db_name), context))
      .rejects.toMatchObject({ code: "dump_failed", message: expect.stringContaining("sad view"), hint: expect.stringContaining("view") });
  });

  it.each(["quote'\"\\", "#no comment", " spaces ", "a=b;[client]", "\\n\\t\\s", "ünï 漢字 😀", "'", '"', "$(id)`id`%s"])("logs its clients in with the password %s", async (password) => {
    await using database = await freshDatabase(server, "secret");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY)");
    await using context = await testContext();
    await using someone = await user(server, database.db_name, ["ALL ON $DB"], password);
    const made = await dump(server, someone, context);
    expect(made.text).toContain("CREATE TABLE `t`");
    expect(JSON.stringify(made.prepared)).not.toContain(password.length > 4 ? password : "IMPOSSIBLE");
    const option_file = made.prepared.parts[0]!.stages[0]!.args[0]!.replace("--defaults-file=", "");
    expect((await stat(option_file)).mode & 0o777).toBe(0o600);
    expect(option_file.startsWith(context.work_dir)).toBe(true);
    expect(await readFile(option_file, "utf8")).toContain("password=");
  });

  it("says who could not be reached, and never the password", async () => {
    await using database = await freshDatabase(server, "plain");
    await using context = await testContext();
    await using nobody = await user(server, database.db_name, []);
    const failure = (other: Partial<Connection>): Promise<unknown> =>
      engineOf(server).probe({ ...connectionTo(server, database.db_name), ...other }, context).then(() => undefined, (error: unknown) => error);
    const port = await freePort();
    expect(await failure({ port })).toMatchObject({ code: "unreachable", message: `127.0.0.1:${port} cannot be reached: nothing answers there` });
    expect(await failure({ host: "no-such-host.invalid" })).toMatchObject({ code: "unreachable", message: expect.stringContaining("no-such-host.invalid") });
    const refused = await failure({ password: "wr0ng-secret" });
    expect(refused).toMatchObject({ code: "auth_failed", message: expect.stringContaining("root") });
    expect(String(refused)).not.toContain("wr0ng-secret");
    expect(await failure({ db_name: "no such; db" })).toMatchObject({ code: "database_missing", message: expect.stringContaining("no such; db") });
    expect(await failure({ username: nobody.username, password: nobody.password })).toMatchObject({ code: "insufficient_privileges" });
    expect(await failure({ username: "new\nline" })).toMatchObject({ code: "auth_failed" });
    await expect(engineOf(server).prepareDump(connectionTo(server, database.db_name), { format: "custom" }, context)).rejects.toMatchObject({ code: "bad_request" });
  });

  it("treats a server as what it is, not as what it was registered", async () => {
    await using database = await freshDatabase(server, "wrong");
    await using context = await testContext();
    const type = server.engine === "mysql" ? "mariadb" : "mysql";
    const report = await engineOf({ ...server, engine: type }).probe(connectionTo(server, database.db_name, { type }), context);
    expect(report.server).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`));
    expect(report.warnings).toEqual([expect.objectContaining({ code: "other_flavour", message: expect.stringContaining(name) })]);
    expect(report.client.name).toMatch(server.engine === "mysql" ? /^mysqldump$/ : /^(mariadb-dump|mysqldump)$/);
  });

  it("refuses to empty a database that the user could not fill again", async () => {
    await using database = await freshDatabase(server, "shop");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t");
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    await using reader = await user(server, database.db_name, ["SELECT ON $DB"]);
    await expect(restore(server, reader, made, false, context)).rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringMatching(/DROP.*nothing was changed/) });
    await using owner = await user(server, database.db_name, ["ALL ON $DB"]);
    await expect(restore(server, owner, made, false, context)).rejects.toMatchObject({ code: "insufficient_privileges", message: expect.stringMatching(/definers.*nothing was changed/) });
    expect(await database.connection.query("SHOW TABLES")).toHaveLength(2);
  });

  it("says that a definer is in the way, and leaves no half database (trap 7)", async () => {
    await using database = await freshDatabase(server, "shop");
    await database.connection.query("CREATE TABLE t (id int PRIMARY KEY); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1");
    await using context = await testContext();
    const made = await dump(server, connectionTo(server, database.db_name), context);
    await using copy = await freshName(server, "copy");
    await using owner = await user(server, copy.db_name, ["ALL ON $DB"]);
    await expect(restore(server, owner, made, true, context)).rejects.toMatchObject({ code: "insufficient_privileges", hint: expect.stringMatching(/SUPER/) });
    await engineOf(server).cleanUp(connectionTo(server, copy.db_name), context);
    expect(await database.connection.query(`SHOW DATABASES LIKE '${copy.db_name}'`)).toEqual([]);
  });
});
