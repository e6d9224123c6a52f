import { copyFile, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, freshDatabase, tempDir } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Shown } from "../client.ts";
import { damage, dropLater, filesIn, filledDatabase, look, sideDatabasesGone, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

describe.each(servers)("$engine: an artifact that is not as it was written", (server) => {
  test("is refused, each way, and the target stays untouched", async () => {
    await using database = await filledDatabase(server, system.admin);
    const backup = await system.admin.backedUp(database.id);
    await damage(server, database.db_name);
    const damaged = await look(server, database.db_name);
    const data = join(system.artifacts_dir, backup.filepath);
    const manifest = data.replace(/\.(dump|sql)\.zst$/, ".manifest.json");
    const ways: [string, () => Promise<void>, string, RegExp][] = [
      ["one bit altered", () => flip(data, Math.floor(backup.size / 2)), "artifact_damaged", /was altered: its SHA-256 is/],
      ["cut by one byte", () => truncate(data, backup.size - 1), "artifact_damaged", new RegExp(String(backup.size - 1))],
      ["longer by one byte", () => writeFile(data, "x", { flag: "a" }), "artifact_damaged", new RegExp(String(backup.size + 1))],
      ["emptied", () => truncate(data, 0), "artifact_damaged", /\b0\b/],
      ["gone", () => rm(data), "artifact_missing", /does not hold/],
      ["manifest names another hash", () => edit(manifest, (text) => text.replaceAll(backup.sha256, "0".repeat(64))), "artifact_damaged", /manifest/],
      ["manifest names another database", () => edit(manifest, (text) => text.replace(`"backup_id": ${backup.id}`, '"backup_id": 9999').replace(`"backup_id":${backup.id}`, '"backup_id":9999')), "artifact_damaged", /manifest/],
      ["manifest is no JSON", () => edit(manifest, (text) => text.slice(0, -20)), "artifact_damaged", /manifest/],
      ["manifest gone", () => rm(manifest), "artifact_missing", /does not hold/],
    ];
    for (const [name, spoil, code, sentence] of ways) {
      await using _whole = await keep([data, manifest]);
      await spoil();
      const files = await system.artifacts();
      const restore = await refused(backup, database.db_name);
      expect(restore.error_code, `${name}: ${restore.error_msg}`).toBe(code);
      expect(restore.error_msg, name).toMatch(sentence);
      expect(await look(server, database.db_name), name).toEqual(damaged);
      expect((await system.artifacts()).filter((file) => !files.includes(file) && !isSafety(file, backup)), name).toEqual([]);
      const copy = await system.admin.restore(backup.id, "never_made", { target: { db_name: "never_made" } });
      expect(await system.admin.ended("restore", copy.id), name).toMatchObject({ status: "failed", error_code: code });
    }
    await sideDatabasesGone(server);
    await expect(connect(server, "never_made")).rejects.toThrow(/never_made/);
    await system.admin.restored(backup.id, database.db_name); // whole again: the same backup restores
    expect(await look(server, database.db_name)).not.toEqual(damaged);
  });
});

/** A restore in place takes a safety backup of MySQL and MariaDB first: that is no leftover. */
function isSafety(file: string, backup: Shown): boolean {
  return backup.format === "sql" && /\.(sql\.zst|manifest\.json)$/.test(file);
}

async function refused(backup: Shown, db_name: string): Promise<Shown> {
  const restore = await system.admin.ended("restore", (await system.admin.restore(backup.id, db_name)).id);
  expect(restore.status).toBe("failed");
  return restore;
}

/** Copies of files that are put back at disposal. */
async function keep(paths: readonly string[]): Promise<AsyncDisposable> {
  const dir = await tempDir("kept");
  await Promise.all(paths.map((path, index) => copyFile(path, join(dir.path, String(index)))));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const [index, path] of paths.entries()) await copyFile(join(dir.path, String(index)), path);
      await dir[Symbol.asyncDispose]();
    },
  };
}

async function flip(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = bytes[offset]! ^ 1;
  await writeFile(path, bytes);
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

const root = process.getuid?.() === 0;
if (!root) console.warn("skipped: a full disk: a small file system needs root");

test.skipIf(!root)("a full disk: the backup fails and says so, nothing is left, and with room again the next one succeeds", async () => {
  await using dir = await tempDir("full");
  const artifacts = join(dir.path, "artifacts");
  await mkdir(artifacts);
  // In a mount namespace of the program's own: it goes with it, however it ends.
  const mount = ["unshare", "--mount", "bash", "-euc", 'mount -t tmpfs -o size=2m none "$1"; shift; exec "$@"', "small-disk", artifacts];
  await using small = await startSystem({ SAFEBASE_DATA_DIR: dir.path }, mount);
  const inside = `/proc/${small.program.pid}/root${artifacts}`;
  await using database = await freshDatabase(inject("postgres"), "full");
  await database.connection.query("CREATE TABLE noise AS SELECT i, sha512(i::text::bytea) AS b FROM generate_series(1, 60000) AS i"); // 4 MB that nothing makes smaller
  const id = await small.admin.addDatabase(inject("postgres"), database.db_name);
  const { id: first } = await small.admin.backUp(id);
  expect(await small.admin.ended("backup", first)).toMatchObject({ status: "failed", error_code: "storage_full", error_msg: expect.stringContaining("no space is left on the storage") });
  expect(await filesIn(inside)).toEqual([]);
  await database.connection.query("DELETE FROM noise WHERE i > 10000");
  const { id: second } = await small.admin.backUp(id);
  expect(await small.admin.ended("backup", second)).toMatchObject({ status: "completed" });
  expect(await filesIn(inside)).toHaveLength(2);
  const copy = `${database.db_name}_copy`;
  await using _dropped = dropLater(inject("postgres"), copy);
  await small.admin.restored(second, copy, { target: { db_name: copy } });
  expect(await look(inject("postgres"), copy)).toEqual(await look(inject("postgres"), database.db_name));
});
