import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fillRealistic, freshDatabase, tempDir } from "@safebase/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { dropLater, look } from "./system.ts";
import { startProgram, type Program } from "./program.ts";

const README = resolve(import.meta.dirname, "../../README.md");

let program: Program;
let dir: Awaited<ReturnType<typeof tempDir>>;
beforeEach(async () => {
  dir = await tempDir("readme");
  program = startProgram("services/standalone/src/main.ts", { SAFEBASE_DATA_DIR: join(dir.path, "data"), SAFEBASE_PORT: "0", SAFEBASE_LOG_LEVEL: "warn" });
});
afterEach(async () => {
  program.signal("SIGTERM");
  await program.ended();
  await dir[Symbol.asyncDispose]();
});

/** The block as it is printed, with nothing changed but where SafeBase and the database are. */
async function tour(safebase: string, database: string): Promise<string> {
  const block = /^```sh tour\n(.*?)^```$/ms.exec(await readFile(README, "utf8"))?.[1] ?? "";
  const replaced = block.replace(/^SAFEBASE=.*$/m, () => `SAFEBASE=${safebase}`).replace(/^DATABASE=.*$/m, () => `DATABASE=${database}`);
  expect(replaced.split("\n").filter((line) => !block.includes(line))).toHaveLength(2);
  return replaced;
}

test.each([inject("postgres"), inject("mariadb")])("the README's tour runs as printed, on $engine", async (server) => {
  await using database = await freshDatabase(server, "shop");
  await fillRealistic(database.connection, { rows: 50 });
  await using _dropped = dropLater(server, "shop_copy");
  const url = `${server.engine === "postgresql" ? "postgres" : server.engine}://${server.username}:${server.password}@${server.host}:${server.port}/${database.db_name}`;
  const { code, output } = await bash(await tour(await program.url(), url), dir.path);
  expect(code, output).toBe(0);
  expect(output.match(/"status": "completed"/g), output).toHaveLength(3); // the backup, the restore, the proof
  expect(output.match(/"state": "met"/g), output).toHaveLength(2);
  expect(output).toContain("last verified backup");
  expect(output).toContain('"ok": true');
  expect(output).toMatch(/"filename": "shop_/);
  expect(output.match(/"\d{4}-\d\d-\d\dT0[12]:00:00\.000Z"/g), output).toHaveLength(5); // three o'clock in Paris
  expect(output).not.toContain(server.password);
  expect(await look(server, "shop_copy")).toEqual(await look(server, database.db_name));
  expect(await readFile(join(dir.path, "shop.sql"), "utf8")).toContain("CREATE TABLE");
});

function bash(script: string, cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn("bash", ["-euo", "pipefail"], { cwd, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => { output += data.toString(); });
  child.stdin.end(script);
  return new Promise((done) => child.once("close", (code) => done({ code, output })));
}
