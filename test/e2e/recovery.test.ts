import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { clientDirs, tempDir, until, type ServerInfo } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Client, PASSWORD, type Json } from "../client.ts";
import { startProgram, type Program } from "./program.ts";
import { dropLater, end, filledDatabase, look, startSystem, type System } from "./system.ts";

const DOCS = resolve(import.meta.dirname, "../../docs");
const postgres = inject("postgres");
const mariadb = inject("mariadb");

/** A block of a page, as it is printed. */
async function block(page: string, label: string): Promise<string> {
  const text = await readFile(join(DOCS, page), "utf8");
  const found = text.split(/^```/m).find((part) => part.startsWith(`sh ${label}\n`));
  if (found === undefined) throw new Error(`${page} has no block ${label}`);
  return found.slice(`sh ${label}\n`.length);
}

async function bash(script: string, env: Record<string, string>, cwd: string): Promise<string> {
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], { cwd, env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => { output += data.toString(); });
  const code = await new Promise((done) => child.once("close", done));
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}: ${output}`);
  return output;
}

/** Has a database encrypted with a new key; answers what opens it. */
async function encrypt(owner: Client, databaseId: number): Promise<string> {
  const { key } = await owner.call<{ key: { id: number } }>("POST", "/api/keys", { name: "away", generate: true });
  await owner.call("PUT", `/api/databases/${databaseId}`, { encryption_key_id: key.id });
  return (await owner.call<{ identity: string }>("POST", `/api/keys/${key.id}/identity`, { password: PASSWORD })).identity;
}

describe("without SafeBase", () => {
  let system: System, stack: AsyncDisposableStack, home: string;
  const sources = new Map<string, { id: number; db_name: string }>();
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    system = stack.use(await startSystem());
    home = stack.use(await tempDir("home")).path;
    for (const server of [postgres, mariadb]) sources.set(server.engine, stack.use(await filledDatabase(server, system.admin)));
    const { host, port, username, password } = mariadb;
    await writeFile(join(home, ".my.cnf"), `[client]\nhost=${host}\nport=${port}\nuser=${username}\npassword=${password}\n`, { mode: 0o600 });
  });
  afterAll(() => stack.disposeAsync());

  const envOf = ({ host, port, username, password }: ServerInfo): Record<string, string> => ({ HOME: home, PGHOST: host, PGPORT: String(port), PGUSER: username, PGPASSWORD: password });
  const page = "recover-without-safebase.md";

  test.each<[ServerInfo["engine"], Json, string]>([
    ["postgresql", {}, ".dump.zst"], ["postgresql", { compression: "gzip" }, ".dump.gz"], ["postgresql", { compression: "none" }, ".dump"],
    ["postgresql", { format: "sql" }, ".sql.zst"], ["postgresql", { format: "sql", compression: "gzip" }, ".sql.gz"], ["postgresql", { format: "sql", compression: "zip" }, ".zip"],
    ["mariadb", {}, ".sql.zst"], ["mariadb", { compression: "gzip" }, ".sql.gz"], ["mariadb", { compression: "zip" }, ".zip"],
  ])("%s %o: %s comes back with the commands of the page", async (engine, options, ending) => {
    const server = engine === "mariadb" ? mariadb : postgres;
    const source = sources.get(server.engine)!;
    const backup = await system.admin.backedUp(source.id, options);
    const FILE = join(system.artifacts_dir, backup.filepath);
    expect(FILE.endsWith(ending)).toBe(true);
    const DB = `alone${ending.replaceAll(".", "_")}_${backup.id}`;
    await using _dropped = dropLater(server, DB);
    const env = { ...envOf(server), FILE, DB, MANIFEST: FILE.slice(0, -ending.length) + ".manifest.json" };
    expect(await bash(await block(page, "whole"), env, home)).toBe("as it was written\n");
    await bash(await block(page, `${server.engine} new`) + await block(page, `${server.engine} ${ending}`), env, home);
    expect(await look(server, DB)).toEqual(await look(server, source.db_name));
  });

  test("one in several parts, part by part", async () => {
    const source = sources.get("postgresql")!;
    const backup = await system.admin.backedUp(source.id, { jobs: 3, globals: true });
    const STEM = join(system.artifacts_dir, backup.filepath.slice(0, -".manifest.json".length)), DB = `alone_parts_${backup.id}`;
    expect((await readdir(join(system.artifacts_dir, "postgresql"))).filter((name) => STEM.endsWith(`/${name.split(".")[0]}`)).map((name) => name.split(".")[1] ?? "").sort((a, b) => a.localeCompare(b))).toEqual(["data-1", "data-2", "data-3", "globals", "manifest", "post-data", "pre-data"]);
    await using _dropped = dropLater(postgres, DB);
    await bash(await block(page, "postgresql new") + await block(page, "postgresql parts"), { ...envOf(postgres), STEM, DB }, home);
    expect(await look(postgres, DB)).toEqual(await look(postgres, source.db_name));
  });

  test("an encrypted one, with its identity; and the newest is found", async () => {
    const source = sources.get("postgresql")!;
    const identity = await encrypt(system.admin, source.id);
    const backup = await system.admin.backedUp(source.id);
    const KEY = join(home, "key.txt"), FILE = join(home, backup.filename), DB = `alone_age_${backup.id}`;
    await writeFile(KEY, `${identity}\n`);
    await copyFile(join(system.artifacts_dir, backup.filepath), FILE);
    await using _dropped = dropLater(postgres, DB);
    const env = { ...envOf(postgres), FILE, KEY, DB };
    await bash(await block(page, "age"), env, home);
    await bash(await block(page, "postgresql new") + await block(page, "postgresql .dump.zst"), { ...env, FILE: FILE.slice(0, -".age".length) }, home);
    expect(await look(postgres, DB)).toEqual(await look(postgres, source.db_name));
    const newest = (await block(page, "newest")).replaceAll("shop_", `${backup.filename.split("_postgresql_")[0]}_`);
    expect(await bash(newest, env, system.artifacts_dir)).toContain(backup.filepath.slice(0, -".dump.zst.age".length));
  });
});

/** SafeBase on a data folder that is there already. */
function start(data_dir: string, settings: Record<string, string> = {}): Program {
  return startProgram("services/standalone/src/main.ts", {
    SAFEBASE_PORT: "0", SAFEBASE_LOG_LEVEL: "info", SAFEBASE_CLIENT_PATH: clientDirs().join(":"), SAFEBASE_DATA_DIR: data_dir, ...settings,
  });
}

test("the machine is lost: everything is back from a copy of the catalog, the kit and the storage", async () => {
  await using place = await tempDir("recovered");
  const data = join(place.path, "data");
  await using system = await startSystem();
  await using source = await filledDatabase(postgres, system.admin);
  const backup = await system.admin.backedUp(source.id);
  const kit = await bash(await block("recovery.md", "kit") + "cat kit.txt", { TOKEN: system.admin.token, PASSWORD, SAFEBASE: system.url }, place.path);
  expect(kit).toContain("# SafeBase recovery kit");
  await system.admin.call("POST", "/api/recovery/backup");
  await end(system.program);
  const [newest] = (await readdir(join(system.artifacts_dir, "catalog"))).sort().slice(-1);
  await mkdir(data);
  await bash(await block("recovery.md", "recover"), { COPY: join(system.artifacts_dir, "catalog", newest ?? "") }, place.path);
  await bash('cp -r "$FROM" data/artifacts', { FROM: system.artifacts_dir }, place.path);
  await using again = start(data);
  const url = await again.url();
  const admin = await Client.login(() => url, "admin@example.org");
  await using _dropped = dropLater(postgres, "back_again");
  await admin.restored(backup.id, "back_again", { target: { db_name: "back_again" } }); // with the password that was sealed
  expect(await look(postgres, "back_again")).toEqual(await look(postgres, source.db_name));
  await end(again);

  await bash("mkdir bare && mv data/artifacts bare/artifacts", {}, place.path); // not even a copy of the catalog
  await using bare = start(join(place.path, "bare"));
  const bareUrl = await bare.url();
  const owner = await Client.register(() => bareUrl, "new@example.org");
  const { storages: [local] } = await owner.call<{ storages: { id: number }[] }>("GET", "/api/storages");
  const begun = await bash(await block("recovery.md", "scan"), { TOKEN: owner.token, SAFEBASE: bareUrl, STORAGE: String(local?.id) }, place.path);
  const { scan } = JSON.parse(begun) as { scan: { id: number } };
  await until("the scan to end", async () => {
    const now = await owner.call<{ scan: { status: string; adopted: object } }>("GET", `/api/storages/${local?.id}/scans/${scan.id}`);
    if (now.scan.status !== "running") expect(now.scan).toMatchObject({ status: "completed", adopted: { backups: 1, databases: 1 } });
    return now.scan.status !== "running";
  });
  const { databases: [found] } = await owner.call<{ databases: { id: number; host: string }[] }>("GET", "/api/databases");
  const { backups: [adopted] } = await owner.call<{ backups: { id: number }[] }>("GET", "/api/backups");
  await owner.call("PUT", `/api/databases/${found?.id}`, { password: postgres.password });
  await using _dropped2 = dropLater(postgres, "back_from_nothing");
  await owner.restored(adopted?.id ?? 0, "back_from_nothing", { target: { db_name: "back_from_nothing" } });
  expect(await look(postgres, "back_from_nothing")).toEqual(await look(postgres, source.db_name));
  await owner.backedUp(found?.id ?? 0); // and life goes on
  await end(bare);
});

test("the master key is lost: what it sealed is to be entered again, and nothing else", async () => {
  await using first = await startSystem();
  await using source = await filledDatabase(postgres, first.admin);
  const plain = await first.admin.backedUp(source.id);
  const identity = await encrypt(first.admin, source.id);
  const encrypted = await first.admin.backedUp(source.id);
  await first.admin.call("POST", "/api/channels", { name: "chat", config: { type: "webhook", url: "https://hooks.example.org/secret-path" } });
  await end(first.program);
  await rm(join(first.data_dir, "master.key"));

  await using refused = start(first.data_dir);
  expect(await refused.ended()).not.toBe(0);
  const lost = /SAFEBASE_LOST_MASTER_KEY=(\S{8})/.exec(refused.output())?.[1] ?? "";
  expect(refused.output()).toContain("the catalog was made with another master key");

  await using second = start(first.data_dir, { SAFEBASE_LOST_MASTER_KEY: lost });
  const url = await second.url();
  const admin = await Client.login(() => url, "admin@example.org");
  expect(await admin.ended("backup", (await admin.backUp(source.id)).id)).toMatchObject({ status: "failed", error_msg: expect.stringContaining("sealed with another master key") });
  await admin.call("PUT", `/api/databases/${source.id}`, { password: postgres.password });
  await admin.backedUp(source.id);
  await using _dropped = dropLater(postgres, "master_lost");
  await using _dropped2 = dropLater(postgres, "master_lost_2");
  await admin.restored(plain.id, "master_lost", { target: { db_name: "master_lost" } });
  await expect(admin.restore(encrypted.id, "master_lost_2", { target: { db_name: "master_lost_2" } })).rejects.toThrow("whose identity is not kept here");
  await admin.restored(encrypted.id, "master_lost_2", { target: { db_name: "master_lost_2" }, identity });
  expect(await look(postgres, "master_lost_2")).toEqual(await look(postgres, source.db_name));
  const { channels: [channel] } = await admin.call<{ channels: { id: number; enabled: boolean; secret_fields: string[] }[] }>("GET", "/api/channels");
  expect(channel).toMatchObject({ enabled: false, config: { type: "webhook" }, secret_fields: [] });
  await admin.call("PUT", `/api/channels/${channel?.id}`, { enabled: true, config: { type: "webhook", url: "https://hooks.example.org/another" } });
  await end(second);
});
