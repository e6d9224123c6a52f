import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshDatabase, fillRealistic, fingerprint, startPostgres, type DatabaseServer } from "@safebase/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateAgeKey } from "./age-keys.ts";
import { convert, runConversion, type DownloadForm } from "./convert.ts";
import type { Manifest } from "./manifest.ts";
import { namedPart } from "./parts.ts";
import { oddSleep, onlyPart, processesWith, STEM, testStorage, writeOptions, type TestStorage } from "./test-helpers.ts";
import { writeArtifact, writeParts } from "./write.ts";
import type { PartSource } from "./write.ts";

const run = promisify(execFile);
let server: DatabaseServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server[Symbol.asyncDispose]());

const env = (db_name: string) => ({ PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.username, PGPASSWORD: server.password, PGDATABASE: db_name, PGOPTIONS: "" });
const dump = (db_name: string, ...args: string[]) => ({ program: join(server.bin_dir, "pg_dump"), args: ["-Fc", "-Z0", ...args], env: env(db_name) });

function optionsFor({ storage }: TestStorage) {
  const draft = async () => ({ ...await writeOptions(storage).draft(), database: { id: 1, name: "shop", label: "The shop", type: "postgresql" as const } });
  return { ...writeOptions(storage), stem: STEM.replaceAll("mariadb", "postgresql"), format: "custom" as const, trailer: null, draft };
}

async function converted(manifest: Manifest, form: DownloadForm, test: TestStorage, more: Partial<Parameters<typeof convert>[2]> = {}): Promise<{ filename: string; bytes: Buffer }> {
  const conversion = convert(manifest, form, { pg_restore_path: join(server.bin_dir, "pg_restore"), identities: [], ...more });
  let bytes = Buffer.alloc(0);
  await runConversion(conversion, test.storage, { sink: async (output) => { bytes = Buffer.concat(await Array.fromAsync(output)); } });
  return { filename: conversion.filename, bytes };
}

it("hands a custom-format dump out as the SQL that pg_dump would have written", async () => {
  await using database = await freshDatabase(server);
  await database.connection.query("CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t SELECT n, 'é' || n FROM generate_series(1, 50000) n");
  await using test = await testStorage();
  const manifest = await writeArtifact({ ...optionsFor(test), stages: [dump(database.db_name)] });
  expect(onlyPart(manifest).raw_size_bytes).toBeGreaterThan(500_000);
  const { filename, bytes } = await converted(manifest, "sql", test);
  expect(filename.endsWith("_7.sql")).toBe(true);
  expect(String(bytes)).toContain("50000\té50000\n");
  const { stdout } = await run(join(server.bin_dir, "pg_dump"), [], { env: env(database.db_name), maxBuffer: 1e8 });
  expect(statements(String(bytes))).toEqual(statements(stdout));
});

it("hands one in several parts out as one script that psql restores, in every form; a part alone; or says which parts there are", async () => {
  await using database = await freshDatabase(server);
  await fillRealistic(database.connection, { rows: 200 });
  const before = await fingerprint(database.connection);
  await using test = await testStorage();
  const key = generateAgeKey();
  const section = (name: string, role: "pre-data" | "data" | "post-data", ...args: string[]): PartSource => ({ part: { name, role }, stages: [dump(database.db_name, `--section=${role}`, ...args)], trailer: null });
  const roles: PartSource = { part: { name: "globals", role: "globals" }, stages: [{ program: "sh", args: ["-c", "echo 'CREATE ROLE r;'"] }], trailer: null };
  const { stages: _stages, trailer: _trailer, ...options } = { ...optionsFor(test), stages: [] };
  const manifest = await writeParts({ ...options, recipients: [key.recipient], parts: [
    section("pre-data", "pre-data"), section("data-1", "data", "-t", "orders_2023", "-t", "customers"),
    section("data-2", "data", "--exclude-table-data=orders_2023", "--exclude-table-data=customers"), section("post-data", "post-data"), roles,
  ] });
  const identities = [key.identity];
  const file = join(test.root, "out");
  const forms: [DownloadForm, string, string][] = [["sql", ".sql", 'cat "$1"'], ["gz", ".sql.gz", 'gzip -dc "$1"'], ["zip", ".zip", 'bsdtar -xOf "$1"']];
  for (const [form, ending, unpack] of forms) {
    const { filename, bytes } = await converted(manifest, form, test, { identities });
    expect(filename).toBe(`shop_postgresql_20260504_030201_7${ending}`);
    await writeFile(file, bytes);
    await using copy = await freshDatabase(server);
    await run("bash", ["-o", "pipefail", "-c", `${unpack} | "$2" -X -q -v ON_ERROR_STOP=1`, "-", file, join(server.bin_dir, "psql")], { env: { ...env(copy.db_name), PATH: process.env["PATH"] } });
    expect(await fingerprint(copy.connection)).toEqual(before);
  }
  expect(await converted(manifest, "sql", test, { identities, part: namedPart(manifest, "globals") })).toEqual({ filename: "shop_postgresql_20260504_030201_7.globals.sql", bytes: Buffer.from("CREATE ROLE r;\n") });
  expect(convert(manifest, "stored", { pg_restore_path: "", identities: [], part: namedPart(manifest, "data-2") })).toMatchObject({ filename: "shop_postgresql_20260504_030201_7.data-2.dump.zst.age", stored: manifest.parts[2] });
  expect(() => convert(manifest, "stored", { pg_restore_path: "", identities: [] })).toThrow("the backup is stored in several files: pre-data, data-1, data-2, post-data, globals");
  expect(() => namedPart(manifest, "data-9")).toThrow("no part of that name, but pre-data, data-1, data-2, post-data, globals");

  await writeFile(join(test.root, manifest.parts[2]!.key), "damaged");
  await expect(converted(manifest, "gz", test, { identities })).rejects.toMatchObject({ code: "artifact_damaged" });
  const stop = new Error("the receiver has gone");
  const marker = oddSleep();
  const slow = join(test.root, "slow-restore");
  await writeFile(slow, `#!/bin/sh\nseq 1 50000\nsleep ${marker}\n`, { mode: 0o755 });
  const gone = runConversion(convert(manifest, "sql", { pg_restore_path: slow, identities }), test.storage, { sink: async (output) => { await output[Symbol.asyncIterator]().next(); throw stop; } });
  await expect(gone).rejects.toThrow("the receiver has gone");
  expect(await processesWith("slow-restore")).toEqual([]);
});

/** Without comments and the random key of \restrict. */
function statements(sql: string): string[] {
  return sql.split("\n").filter((line) => !/^(--|\\(un)?restrict |$)/.test(line));
}
