import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshDatabase, tempDir, type ServerInfo } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Client, Json, Shown } from "../client.ts";
import { damage, dropLater, filesIn, filledDatabase, look, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);
const run = promisify(execFile);

let system: System;
let ann: Client;
beforeAll(async () => {
  system = await startSystem({ SAFEBASE_LOG_LEVEL: "debug" });
  ann = await system.newUser("ann@example.org");
});
afterAll(() => system[Symbol.asyncDispose]());

interface Key { readonly id: number; readonly recipient: string }
type Encrypted = Shown & { readonly encrypted: boolean; readonly encryption_key_id: number; readonly recipients: string[] };

const addKey = async (fields: Json): Promise<Key> => (await ann.call<{ key: Key }>("POST", "/api/keys", { name: "a key", ...fields })).key;
const setKey = (database: number, key: number) => ann.call("PUT", `/api/databases/${database}`, { encryption_key_id: key });
const backedUp = async (database: number, body: Json = {}) => await ann.backedUp(database, body) as Encrypted;

/** A key as its owner makes it who keeps it away: with the standard program. */
async function ownKey(dir: string): Promise<Key & { identity: string; file: string }> {
  const { stdout } = await run("age-keygen", []);
  const file = join(dir, "key.txt");
  await writeFile(file, stdout, { mode: 0o600 });
  const recipient = (await run("age-keygen", ["-y", file])).stdout.trim();
  return { ...await addKey({ recipient }), recipient, file, identity: /^AGE-SECRET-KEY-1\w+$/m.exec(stdout)?.[0] ?? "" };
}

/** What a user types who has the file, his identity and the standard programs, and nothing else. */
function byHand(server: ServerInfo, { format, compression }: Shown): string {
  const unpack = { zstd: "zstd -dc", gzip: "gzip -dc", zip: "bsdtar -xOf -", none: "cat" }[compression];
  const connection = server.engine === "postgresql" ? "" : `--host=${server.host} --port=${server.port} --user=${server.username}`;
  const load = server.engine !== "postgresql" ? `${server.engine === "mysql" ? "mysql" : "mariadb"} --protocol=tcp --binary-mode --default-character-set=utf8mb4 ${connection} "$3"`
    : format === "custom" ? 'pg_restore --exit-on-error --dbname="$3"' : 'psql -X -q -v ON_ERROR_STOP=1 --dbname="$3"';
  return `set -o pipefail; age -d -i "$1" "$2" | ${unpack} | ${load}`;
}

describe.each(servers)("$engine", (server) => {
  test("with a key that is kept here: restored with one click, proved, and downloaded in every form", async () => {
    const key = await addKey({ generate: true });
    await using database = await filledDatabase(server, ann, "sealed", 30);
    const before = await look(server, database.db_name);
    await setKey(database.id, key.id);
    const backup = await backedUp(database.id);
    expect(backup).toMatchObject({ encrypted: true, encryption_key_id: key.id, recipients: [key.recipient], filename: expect.stringMatching(/\.zst\.age$/) });
    const stored = await readFile(join(system.artifacts_dir, backup.filepath));
    expect(stored.subarray(0, 21).toString()).toBe("age-encryption.org/v1");

    await damage(server, database.db_name);
    await ann.restored(backup.id, database.db_name);
    expect(await look(server, database.db_name)).toEqual(before);
    await ann.verified(backup.id);
    const plain = await (await ann.fetch("GET", `/api/backups/${backup.id}/download?as=sql`)).text();
    expect(plain).toMatch(/dump complete|Dump completed/);
    const asStored = Buffer.from(await (await ann.fetch("GET", `/api/backups/${backup.id}/download`)).arrayBuffer());
    expect(asStored.equals(stored)).toBe(true);
  });

  const formats = server.engine === "postgresql" ? ["custom", "sql"] : ["sql"];
  const kinds = formats.flatMap((format) => ["zstd", "gzip", "zip", "none"].map((compression) => [format, compression] as const));

  test.each(kinds)("%s, %s: standard programs alone restore the stored file", async (format, compression) => {
    await using dir = await tempDir("by-hand");
    const key = await ownKey(dir.path);
    await using database = await filledDatabase(server, ann, "by hand", 20);
    await setKey(database.id, key.id);
    const backup = await backedUp(database.id, { format, compression });
    await using copy = await freshDatabase(server, "copy");
    const env = {
      PATH: [...(server.bin_dir === undefined ? [] : [server.bin_dir]), process.env["PATH"]].join(":"),
      PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.username, PGPASSWORD: server.password, MYSQL_PWD: server.password,
    };
    await run("bash", ["-c", byHand(server, backup), "-", key.file, join(system.artifacts_dir, backup.filepath), copy.db_name], { env, maxBuffer: 1e8 });
    expect(await look(server, copy.db_name)).toEqual(await look(server, database.db_name));
    const db_name = `${copy.db_name}_2`;
    await using _later = dropLater(server, db_name);
    await ann.restored(backup.id, db_name, { target: { db_name }, identity: key.identity });
    expect(await look(server, db_name)).toEqual(await look(server, database.db_name));
  });
});

test("with a key that is kept away: nothing without its identity or with another, and no trace of it afterwards", async () => {
  const server = inject("mariadb");
  await using dir = await tempDir("keys");
  const [key, other] = [await ownKey(dir.path), await ownKey(dir.path)];
  await using database = await filledDatabase(server, ann, "away", 30);
  await setKey(database.id, key.id);
  const backup = await backedUp(database.id);
  await damage(server, database.db_name);
  const damaged = await look(server, database.db_name);

  const restore = { confirm: database.db_name, delay_s: 0 };
  for (const [path, body] of [["restore", restore], ["verify", {}], ["download", { as: "sql" }]] as const) {
    const url = `/api/backups/${backup.id}/${path}`;
    expect(await ann.ask("POST", url, body), path).toMatchObject({ status: 409, body: { code: "identity_needed", error: `backup ${backup.id} is encrypted to ${key.recipient}, whose identity is not kept here` } });
    expect(await ann.ask("POST", url, { ...body, identity: other.identity }), path).toMatchObject({ status: 409, body: { code: "identity_needed", error: expect.stringContaining(`is that of ${other.recipient}`) } });
    const mistyped = await ann.ask("POST", url, { ...body, identity: key.identity.slice(0, -1) });
    expect([mistyped.status, mistyped.body["code"], JSON.stringify(mistyped.body).includes(key.identity.slice(20, 40))], path).toEqual([400, "bad_request", false]);
  }
  expect((await ann.ask("GET", `/api/backups/${backup.id}/download?as=sql`)).status).toBe(409);
  expect(await look(server, database.db_name)).toEqual(damaged);

  const file = await ann.fetch("POST", `/api/backups/${backup.id}/download`, { as: "gz", identity: key.identity });
  expect([file.status, file.headers.get("content-disposition")]).toEqual([200, expect.stringContaining(".sql.gz")]);
  await writeFile(join(dir.path, "dump.gz"), Buffer.from(await file.arrayBuffer()));
  await run("gzip", ["-t", join(dir.path, "dump.gz")]);
  await ann.verified(backup.id, { identity: key.identity });
  await ann.restored(backup.id, database.db_name, { identity: key.identity });
  expect(await look(server, database.db_name)).not.toEqual(damaged);
  await expectNoTrace([key.identity, other.identity]);
});

test("rotation: the next backup has the new key, the old one its own, and no identity lies anywhere", async () => {
  const server = inject("postgres");
  const [first, second] = [await addKey({ generate: true }), await addKey({ generate: true })];
  await using database = await filledDatabase(server, ann, "rotated", 20);
  await setKey(database.id, first.id);
  const before = await look(server, database.db_name);
  const old = await backedUp(database.id);
  await setKey(database.id, second.id);
  await damage(server, database.db_name);
  const next = await backedUp(database.id);
  expect([old.recipients, next.recipients]).toEqual([[first.recipient], [second.recipient]]);
  expect(await ann.ask("DELETE", `/api/keys/${first.id}`)).toMatchObject({ status: 409, body: { error: `1 backup is encrypted with key ${first.id}` } });
  await ann.restored(old.id, database.db_name);
  expect(await look(server, database.db_name)).toEqual(before);
  const { identity } = await ann.call<{ identity: string }>("POST", `/api/keys/${first.id}/identity`, { password: "a long password" });
  await expectNoTrace([identity]);
});

/** Neither in the log, nor in any file of the data folder: the catalog, the artifacts, NATS with all its streams, receipts. */
async function expectNoTrace(identities: readonly string[]): Promise<void> {
  expect(identities.every((identity) => /^AGE-SECRET-KEY-1\w{58}$/.test(identity))).toBe(true);
  const files = await filesIn(system.data_dir);
  expect(files.some((name) => name.endsWith(".db")) && files.some((name) => name.includes("jetstream"))).toBe(true);
  expect(system.program.output().includes("job queued")).toBe(true);
  const found: string[] = system.program.output().includes("AGE-SECRET-KEY") ? ["the log"] : [];
  for (const name of files) {
    const bytes = await readFile(join(system.data_dir, name)).catch(() => Buffer.alloc(0)); // gone meanwhile
    if (bytes.includes("AGE-SECRET-KEY") || identities.some((identity) => bytes.includes(identity.slice(16)))) found.push(name);
  }
  expect(found).toEqual([]);
}
