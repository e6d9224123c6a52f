import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientDirs, fillRealistic, freshDatabase } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { EngineContext } from "../engine.ts";
import { admin, dumpToFile, type Dumped, fingerprintOf, leftovers, registered, restoreFile, script, testContext } from "./testing.ts";

const server = inject("postgres");
let context: EngineContext & AsyncDisposable;
let trace: string;
beforeEach(async () => {
  context = await testContext();
  trace = join(context.work_dir, "trace");
  await writeFile(join(context.work_dir, "included.sql"), `\\! touch ${trace}\n`);
});
afterEach(async () => context[Symbol.asyncDispose]());

const COMMANDS: Record<string, (trace: string) => string> = {
  "\\!": (path) => `\\! touch ${path}`,
  "\\! behind a statement": (path) => `SELECT 1 \\! touch ${path}`,
  "\\copy to a program": (path) => `\\copy (SELECT 1) TO PROGRAM 'touch ${path}'`,
  "\\set with backquotes": (path) => `\\set x \`touch ${path}\``,
  "\\o to a program": (path) => `\\o |touch ${path}`,
  "\\g to a program": (path) => `SELECT 1 \\g |touch ${path}`,
  "\\gexec": () => `SELECT 'CREATE TABLE public.by_gexec ()' \\gexec`,
  "\\i": (path) => `\\i ${path.replace(/trace$/, "included.sql")}`,
  "\\connect": () => "\\connect postgres\nCREATE TABLE public.elsewhere ()",
  "\\unrestrict with backquotes": (path) => `\\unrestrict \`touch ${path}\``,
  "\\unrestrict in SJIS": (path) => `SET client_encoding = 'SJIS';\nSELECT 1 /* */ \x83\\\\unrestrict \`touch ${path}\``,
  "\\unrestrict with a zero byte": (path) => `SELECT 1 \\unrest\0hidden\nrict \`touch ${path}\``,
  "a variable of psql": (path) => `SELECT :'SERVER_VERSION_NAME' \\! touch ${path}`,
};
const PLACES: Record<string, (sql: string, line: string) => string> = {
  "at the very start": (sql, line) => `${line}\n${sql}`,
  "behind the dump's \\restrict": (sql, line) => sql.replace(/^\\restrict .*$/m, (own) => `${own}\n${line}`),
  "in the middle": (sql, line) => sql.replace(/^CREATE TABLE/m, () => `${line}\nCREATE TABLE`),
  "behind the dump's own \\unrestrict, and that moved up": (sql, line) => {
    const own = /^\\unrestrict .*$/m.exec(sql)?.[0] ?? "";
    return sql.replace(/^CREATE TABLE/m, () => `${own}\n${line}\n;CREATE TABLE`);
  },
  "at the end": (sql, line) => `${sql}${line}\n`,
};

async function alter(dumped: Dumped, change: (sql: string) => string): Promise<void> {
  const sql = await readFile(dumped.path, "latin1");
  const changed = change(sql);
  expect(changed).not.toBe(sql);
  await writeFile(dumped.path, changed, "latin1");
}

describe("an SQL backup with a command for psql is refused, does nothing here, and leaves the target as it was", () => {
  // Two commands in every place, the others in one each: every case makes a database.
  const cases = Object.keys(COMMANDS).flatMap((command, index) => Object.keys(PLACES)
    .filter((_, place) => ["\\!", "\\unrestrict with backquotes"].includes(command) || place === index % 5)
    .map((place) => [place, command] as const));

  it("wherever it stands", async () => {
    await using database = await freshDatabase(server);
    await database.connection.query("CREATE TABLE t AS SELECT i, 'row ' || i AS v FROM generate_series(1, 50) i");
    const target = registered(server, database.db_name);
    const before = await fingerprintOf(server, database.db_name);
    const dumped = await dumpToFile(target, "sql", context);
    const sql = await readFile(dumped.path, "latin1");
    for (const [place, command] of cases) {
      await writeFile(dumped.path, sql, "latin1");
      await alter(dumped, (text) => PLACES[place]!(text, COMMANDS[command]!(trace)));
      const what = `${command} ${place}`;
      await expect(restoreFile(dumped, target, context), what).rejects.toMatchObject({
        code: "restore_failed", message: expect.stringContaining("a command for psql itself"), hint: expect.stringContaining("hostile"),
      });
      expect(existsSync(trace), what).toBe(false);
    }
    expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    expect(await leftovers(server, context)).toEqual([]);
    expect(await admin(server, "SELECT relname FROM pg_class WHERE relname IN ('elsewhere', 'by_gexec')")).toEqual([]);
  });

  it("the artifacts are dangerous: bare psql runs what is in them", async () => {
    await using database = await freshDatabase(server);
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "sql", context);
    const sql = await readFile(dumped.path, "latin1");
    for (const command of ["\\!", "\\copy to a program", "\\set with backquotes", "\\o to a program", "\\i"]) {
      await writeFile(dumped.path, `${COMMANDS[command]!(trace)}\n${sql}`, "latin1");
      const bare = restoreFile(dumped, target, context, { stages: (stages) => stages.slice(-1).map((stage) => ({ ...stage, args: ["-X", "-q", "-o", "/dev/null", "-f", "-"] })) });
      await bare.catch(() => { /* how it ends is bare psql's affair */ });
      expect(existsSync(trace), command).toBe(true);
      await rm(trace);
    }
  });

  it("where it comes out of an archive that goes to an older server as SQL", async () => {
    const context17 = { ...context, client_dirs: [context.work_dir] };
    await script(context, "pg_restore", `case $1 in --version) echo "pg_restore (PostgreSQL) 17.11";; *) cat >/dev/null; printf '%s\\n' 'SELECT 1;' '\\! touch ${trace}';; esac`);
    await using database = await freshDatabase(server);
    const target = registered(server, database.db_name);
    const dumped = await dumpToFile(target, "custom", context);
    const manifest = { ...dumped.manifest, tool: { ...dumped.manifest.tool, version: "17.11" } };
    await expect(restoreFile({ ...dumped, manifest }, target, context17)).rejects.toMatchObject({ message: expect.stringContaining("a command for psql itself") });
    expect(existsSync(trace)).toBe(false);
  });
});

describe("what only looks like a command is data, and comes back", () => {
  const LOOKS: readonly string[] = [...Object.values(COMMANDS).map((line) => line("/nowhere")), "\\restrict abc", "\\unrestrict abc", "\\.", "\\N"];
  const sql = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const clients = [["the installed clients", []], ...clientDirs().filter((dir) => dir.includes("postgresql")).map((dir) => [dir.split("/").at(-2), [dir]] as const)] as const;

  it.each(clients)("in rows, bodies and comments, dumped and restored by %s", async (_name, client_dirs) => {
    // A backquote behind \unrestrict in a body is what an unpatched psql would be refused for: rows only.
    const safe = LOOKS.filter((line) => !/unrestrict.*`|\0|\x83/s.test(line));
    await using database = await freshDatabase(server);
    await fillRealistic(database.connection, { rows: 50 });
    const body = safe.join("\n").replaceAll("$", "");
    await database.connection.query(`CREATE FUNCTION looks() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN $t$${body}\n$t$; END $f$`);
    await database.connection.query(`COMMENT ON FUNCTION looks() IS ${sql(safe.join("\n"))}`);
    await database.connection.query("CREATE TABLE looks (line text)");
    const rows = LOOKS.filter((line) => !/\0|\x83/.test(line));
    for (const line of rows) await database.connection.query(`INSERT INTO looks VALUES (${sql(line)})`);
    const target = registered(server, database.db_name);
    const before = await fingerprintOf(server, database.db_name);
    for (const own of [true, false]) {
      const dumped = await dumpToFile(target, "sql", { ...context, client_dirs });
      if (!own) await alter(dumped, (text) => text.replace(/^\\(un)?restrict [A-Za-z0-9]{20,}\n/gm, ""));
      await database.connection.query("DELETE FROM looks").catch(() => { /* a swapped database has thrown this session out */ });
      await restoreFile(dumped, target, { ...context, client_dirs });
      expect(await fingerprintOf(server, database.db_name)).toEqual(before);
    }
  });
});
