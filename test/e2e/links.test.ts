import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { freshDatabase, tempDir, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Client, Json, Shown } from "../client.ts";
import { startSystem, type System } from "./system.ts";

const run = promisify(execFile);
const HALF_MIB = 512 * 1024;

interface Link { readonly url: string; readonly filename: string; readonly size?: number; readonly sha256?: string; readonly curl: string }

let system: System;
let database: TestDatabase;
let backup: Shown;
beforeAll(async () => {
  system = await startSystem({ SAFEBASE_LOG_LEVEL: "trace" });
  database = await freshDatabase(inject("postgres"), "links");
  await database.connection.query("create table blobs (id int primary key, body text)");
  await database.connection.query("insert into blobs select n, (select string_agg(md5((n * 64 + m)::text), '') from generate_series(1, 64) m) from generate_series(1, 8000) n");
  backup = await system.admin.backedUp(await system.admin.addDatabase(inject("postgres"), database.db_name), { compression: "none" });
  expect(backup.size).toBeGreaterThan(12_000_000); // more than what sockets hold
});
afterAll(async () => { await system[Symbol.asyncDispose](); await database[Symbol.asyncDispose](); });

const linkTo = (id: number, body: Json = {}, who: Client = system.admin): Promise<Link> => who.call<Link & Json>("POST", `/api/backups/${id}/link`, body);

/** curl's exit status and the answer's, with a body when there is no file to save it to. */
async function curl(...args: readonly string[]): Promise<{ code: number; status: string; body: string }> {
  const done = run("curl", ["-sS", "-w", "\n%{http_code}", ...args]);
  const { code, stdout } = await done.then((output) => ({ code: 0, stdout: output.stdout }), (error: { code: number; stdout: string }) => error);
  const lines = stdout.split("\n");
  return { code, status: lines.at(-1) ?? "", body: lines.slice(0, -1).join("\n") };
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

test("the command that is shown downloads the file on its own, once", async () => {
  await using dir = await tempDir("links");
  const link = await linkTo(backup.id);
  expect(link).toMatchObject({ filename: backup.filename, size: backup.size, sha256: backup.sha256 });
  await run("sh", ["-c", link.curl], { cwd: dir.path });
  expect(await sha256(join(dir.path, link.filename))).toBe(backup.sha256);
  await expect(run("sh", ["-c", link.curl], { cwd: dir.path })).rejects.toMatchObject({ code: 22, stderr: expect.stringContaining("410") });
  expect(JSON.parse((await curl(link.url)).body)).toMatchObject({ code: "gone", error: "this download link was used already" });
});

test("a download that broke off goes on where it stopped, and then is over", async () => {
  await using dir = await tempDir("links");
  const link = await linkTo(backup.id);
  const path = join(dir.path, "file");
  const size = async (): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0; // not there yet
  const cut = spawn("curl", ["-sS", "--limit-rate", "1M", "-o", path, link.url], { stdio: "ignore" });
  await until("a part of it", async () => await size() > HALF_MIB);
  cut.kill("SIGKILL");
  await until("curl to be gone", () => cut.signalCode !== null);
  expect(await size()).toBeLessThan(backup.size);
  expect(await curl("-f", "-o", `${path}.again`, link.url)).toMatchObject({ code: 22, status: "410" });
  expect(await curl("-f", "-C", "-", "-o", path, link.url)).toMatchObject({ code: 0, status: "206" });
  expect(await sha256(path)).toBe(backup.sha256);
  expect(await curl("-f", "-r", "0-99", "-o", `${path}.again`, link.url)).toMatchObject({ code: 22, status: "410" });
});

test("a link to SQL is converted on the way", async () => {
  await using dir = await tempDir("links");
  const link = await linkTo(backup.id, { as: "sql" });
  const path = join(dir.path, link.filename);
  expect(await curl("-f", "-o", path, link.url)).toMatchObject({ code: 0, status: "200" });
  await using copy = await freshDatabase(inject("postgres"), "from link");
  const { host, port, username, password } = copy;
  await run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", copy.db_name, "-f", path], { env: { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: username, PGPASSWORD: password } });
  const sum = "select md5(string_agg(body, '' order by id)) as sum from blobs";
  expect(await copy.connection.query(sum)).toEqual(await database.connection.query(sum));
});

test("nobody gets a link to what is another's, nor uses one whose backup was deleted", async () => {
  const other = await system.newUser("other@example.org");
  expect(await other.ask("POST", `/api/backups/${backup.id}/link`, {})).toMatchObject({ status: 404 });
  const gone = await system.admin.backedUp(backup.database_id);
  const link = await linkTo(gone.id);
  await system.admin.call("DELETE", `/api/backups/${gone.id}`);
  const answer = await curl(link.url);
  expect([answer.status, JSON.parse(answer.body)]).toEqual(["410", expect.objectContaining({ code: "gone", error: "the backup of this download link was deleted" })]);
});

test("tokens are neither logged, at any level, nor audited, nor measured", async () => {
  const link = await linkTo(backup.id, { as: "gz" });
  const token = new URL(link.url).searchParams.get("token") ?? "";
  for (const status of ["200", "410"]) expect((await curl("-o", "/dev/null", link.url)).status).toBe(status);
  // Answers that repeat what was asked for, in other cases.
  const answers = [await curl("-X", "POST", link.url), await curl(`${link.url}&token=x`), await curl(`${link.url}&x=${token}`), await curl(`${link.url}x`)];
  expect(answers.map(({ status }) => status)).toEqual(["404", "400", "400", "404"]);
  await until("the requests to be logged", () => system.program.output().includes('"path":"/download"'));
  const told = await Promise.all(["/api/audit?per_page=200", "/metrics"].map(async (path) => (await system.admin.fetch("GET", path)).text()));
  for (const secret of token.split(".").slice(1)) for (const text of [system.program.output(), ...told, ...answers.map(({ body }) => body)]) expect(text.includes(secret)).toBe(false);
});
