import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshDatabase, tempDir, type ServerInfo } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Shown } from "../client.ts";
import { filledDatabase, look, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);
const COMPRESSIONS = ["zstd", "gzip", "zip", "none"];

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

const run = promisify(execFile);

describe.each(servers)("$engine", (server) => {
  const formats = server.engine === "postgresql" ? ["custom", "sql"] : ["sql"];
  const kinds = formats.flatMap((format) => COMPRESSIONS.map((compression) => [format, compression] as const));

  test.each(kinds)("%s, %s: whole, in parts, and as sql, zip and gz that restore with the server's own tools", async (format, compression) => {
    await using dir = await tempDir("download");
    await using database = await filledDatabase(server, system.admin, "down load", 30);
    const backup = await system.admin.backedUp(database.id, { format, compression });
    expect(backup).toMatchObject({ format, compression });
    await expectStored(backup);

    const sql = await save(backup, "sql", dir.path);
    const gz = await save(backup, "gz", dir.path);
    const zip = await save(backup, "zip", dir.path);
    await run("gzip", ["-t", gz]);
    await run("unzip", ["-tqq", zip]);
    const plain = await script(["cat", sql]);
    expect(plain.length).toBeGreaterThan(10_000);
    expect(await script(["gzip", "-dc", gz]) === plain).toBe(true); // not toBe(plain): nobody reads the difference
    expect(await script(["unzip", "-p", zip]) === plain).toBe(true);

    const before = await look(server, database.db_name);
    for (const unpack of [["cat", sql], ["gzip", "-dc", gz], ["unzip", "-p", zip]]) {
      await using copy = await freshDatabase(server, "from file");
      await load(server, copy.db_name, unpack, dir.path);
      expect(await look(server, copy.db_name)).toEqual(before);
    }
  });

  test("its stored file restores without SafeBase", async () => {
    await using dir = await tempDir("download");
    await using database = await filledDatabase(server, system.admin, "without", 30);
    const file = await save(await system.admin.backedUp(database.id), "stored", dir.path);
    await using copy = await freshDatabase(server, "by hand");
    await load(server, copy.db_name, ["zstd", "-dc", file], dir.path, server.engine === "postgresql");
    expect(await look(server, copy.db_name)).toEqual(await look(server, database.db_name));
  });
});

test("a range that lies outside, another version, a form that is none", async () => {
  await using database = await filledDatabase(inject("postgres"), system.admin, "ranges", 10);
  const { id, size, sha256: hash } = await system.admin.backedUp(database.id);
  const path = `/api/backups/${id}/download`;
  const outside = await system.admin.fetch("GET", path, undefined, { range: `bytes=${size}-` });
  expect([outside.status, outside.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
  const other = await system.admin.fetch("GET", path, undefined, { range: "bytes=5-9", "if-range": '"of another file"' });
  expect([other.status, (await other.bytes()).length]).toEqual([200, size]);
  const same = await system.admin.fetch("GET", path, undefined, { range: "bytes=5-9", "if-range": `"${hash}"` });
  expect([same.status, (await same.bytes()).length]).toEqual([206, 5]);
  expect(await system.admin.ask("GET", `${path}?as=rar`)).toMatchObject({ status: 400, body: { error: 'as must be stored, sql, zip or gz, got "rar"' } });
});

/** A script without its random keys (pg_dump's, against injection), byte by byte. */
async function script([program, ...args]: readonly [string, ...string[]]): Promise<string> {
  const { stdout } = await run(program, args, { encoding: "latin1", maxBuffer: 64 * 1024 * 1024 });
  return stdout.replaceAll(/^\\(un)?restrict .*$/gm, "");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The stored file as the catalog says it, and its two halves joined the same. */
async function expectStored({ id, size, sha256: hash, filename }: Shown): Promise<void> {
  const path = `/api/backups/${id}/download`;
  const whole = await system.admin.fetch("GET", path);
  expect(whole.status).toBe(200);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    "content-length": String(size), etag: `"${hash}"`, "accept-ranges": "bytes", "content-disposition": expect.stringContaining(filename),
  });
  const bytes = await whole.bytes();
  expect([bytes.length, sha256(bytes)]).toEqual([size, hash]);
  const middle = Math.floor(size / 2);
  const first = await system.admin.fetch("GET", path, undefined, { range: `bytes=0-${middle - 1}` });
  const second = await system.admin.fetch("GET", path, undefined, { range: `bytes=${middle}-` });
  expect([first.status, second.status]).toEqual([206, 206]);
  expect(second.headers.get("content-range")).toBe(`bytes ${middle}-${size - 1}/${size}`);
  expect(sha256(Buffer.concat([await first.bytes(), await second.bytes()]))).toBe(hash);
}

async function save({ id }: Shown, form: string, dir: string): Promise<string> {
  const response = await system.admin.fetch("GET", `/api/backups/${id}/download?as=${form}`);
  expect(response.status, form).toBe(200);
  const path = join(dir, `saved.${form}`);
  await writeFile(path, await response.bytes());
  return path;
}

/** What a person would type: the unpacked dump into the server's own client. */
async function load(server: ServerInfo, db_name: string, unpack: readonly string[], dir: string, archive = false): Promise<void> {
  const { host, port, username, password } = server;
  const options = join(dir, "options");
  await writeFile(options, `[client]\nhost=${host}\nport=${port}\nuser=${username}\npassword=${password}\n`, { mode: 0o600 });
  const postgres = archive ? ["pg_restore", "--exit-on-error", "-d", db_name] : ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", db_name];
  const client = server.engine === "postgresql" ? postgres
    : [server.engine === "mysql" ? join(server.bin_dir, "mysql") : "mariadb", `--defaults-extra-file=${options}`, "--default-character-set=utf8mb4", db_name];
  const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: username, PGPASSWORD: password };
  await run("bash", ["-euo", "pipefail", "-c", 'n=$1; shift; "${@:1:n}" | "${@:n+1}"', "load", String(unpack.length), ...unpack, ...client], { env });
}
