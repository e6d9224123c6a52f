import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { subjects, type BackupCommand, type BackupResult, type CopyCommand, type JobEvent, type StorageRef } from "@safebase/contracts";
import { fillRealistic, freshDatabase, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { LOCAL, refOf, startRig, type Rig } from "./fixture.ts";

let rig: Rig;
let executor: AsyncDisposable;
let database: TestDatabase;
let lastId = 0;
let second: { root: string; ref: StorageRef };
let third: { root: string; ref: StorageRef };
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
  database = await freshDatabase(inject("postgres"), "copies");
  await fillRealistic(database.connection, { rows: 20 });
});
beforeEach(() => {
  const another = (name: string) => {
    const root = join(rig.data_dir, `${name}-${++lastId}`);
    return { root, ref: rig.storageIn(`${name}-${lastId}`, root) };
  };
  [second, third] = [another("second"), another("third")];
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const order = (storages: StorageRef[], changes: Partial<BackupCommand> = {}): BackupCommand =>
  rig.backupCommand(++lastId, rig.seal(database, database.db_name), { storages, ...changes });

async function run(command: Parameters<Rig["send"]>[0]): Promise<JobEvent> {
  await rig.send(command);
  return rig.ended(command.job_id);
}

function made(event: JobEvent): BackupResult {
  if (event.type !== "completed" || event.result.kind !== "backup") throw new Error(JSON.stringify(event));
  return event.result;
}

/** The files of one backup in a folder, by name. */
async function filesOf({ stem }: BackupCommand, root: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const own = entries.filter((entry) => entry.isFile() && join(entry.parentPath, entry.name).startsWith(join(root, stem)));
  return new Map(await Promise.all(own.map(async (entry) => [entry.name, await readFile(join(entry.parentPath, entry.name))] as const)));
}

const local = (): string => join(rig.data_dir, "artifacts");
/** The storage as one that cannot be opened: where its folder should be lies a file. */
const down = async ({ name }: StorageRef): Promise<StorageRef> => {
  const root = join(rig.data_dir, `no-folder-${++lastId}`);
  await writeFile(root, "");
  return rig.storageIn(name, root);
};
/** Breaks a storage that is in use. */
const spoil = async (root: string): Promise<void> => {
  await rm(root, { recursive: true, force: true });
  await writeFile(root, "no folder");
};

/** Sends a backup, and waits until it is being dumped; it goes on when the database's transaction ends. */
async function sendBlocked(command: BackupCommand): Promise<void> {
  await database.connection.query("CREATE TABLE IF NOT EXISTS locked (id int)");
  await database.connection.query("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
  await rig.send(command);
  await until("pg_dump to wait", async () => (await database.connection.query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'locked'::regclass")).length > 0);
}

test("one dump goes to several storages, byte for byte the same, and a delete removes it from all", async () => {
  const command = order([LOCAL, second.ref, third.ref]);
  expect(made(await run(command)).copies).toEqual([]);
  const files = await filesOf(command, local());
  expect([...files.keys()]).toHaveLength(2);
  for (const { root } of [second, third]) expect(await filesOf(command, root)).toEqual(files);
  const unreached = { ...command, storages: [LOCAL, await down(third.ref), second.ref] };
  expect(await run(rig.deleteCommand(++lastId, unreached))).toMatchObject({ type: "failed" });
  for (const root of [local(), second.root]) expect(await filesOf(command, root), "one that is down delays no other").toEqual(new Map());
  expect(await run(rig.deleteCommand(++lastId, command))).toMatchObject({ type: "completed" });
  expect(await filesOf(command, third.root)).toEqual(new Map());
});

test("a storage that cannot be opened, or breaks in the middle, is left out and told of; when none is left, the backup has failed", async () => {
  await spoil(third.root); // before it is opened
  const command = order([second.ref, third.ref, LOCAL]);
  await sendBlocked(command);
  await spoil(second.root);
  await database.connection.query("COMMIT");
  const { copies } = made(await rig.ended(command.job_id));
  expect(copies.toSorted((a, b) => a.storage.localeCompare(b.storage))).toEqual([
    { storage: second.ref.name, state: "missing", detail: expect.any(String) }, { storage: third.ref.name, state: "missing", detail: expect.any(String) },
  ]);
  expect([...(await filesOf(command, local())).keys()]).toHaveLength(2);
  const failed = await run(order([second.ref, third.ref]));
  expect(failed).toMatchObject({ type: "failed", failure: { code: expect.stringMatching(/^storage_/), message: expect.stringMatching(`no storage took it: in ${third.ref.name}: .*; in ${second.ref.name}: `) } });
});

test("a second run that finds the artifact complete in one storage reports it, and removes the half in the other", async () => {
  const command = order([LOCAL, second.ref, third.ref]);
  const first = made(await run(command));
  await rm(join(second.root, `${command.stem}.manifest.json`));
  const later = { ...command, storages: [await down(third.ref), second.ref, LOCAL] };
  const again = made(await run({ ...later, job_id: ++lastId }));
  expect(again).toEqual({ ...first, copies: [
    { storage: third.ref.name, state: "missing", detail: expect.stringContaining("folder") }, { storage: second.ref.name, state: "missing", detail: expect.stringContaining("died") },
  ] });
  expect(await filesOf(command, second.root)).toEqual(new Map());
  expect(await run({ ...later, job_id: ++lastId, cleanup_only: true }), "so does a clean-up").toMatchObject({ type: "completed", result: { sha256: first.sha256 } });
});

test("a canceled backup leaves nothing in any of them", async () => {
  const command = order([LOCAL, second.ref]);
  await sendBlocked(command);
  await until("the job to be canceled", () => {
    rig.bus.broadcast(subjects.cancel, { job_id: command.job_id });
    return rig.events.some(({ job_id, type }) => job_id === command.job_id && type === "canceled");
  });
  await database.connection.query("ROLLBACK");
  for (const root of [local(), second.root]) expect(await filesOf(command, root)).toEqual(new Map());
});

test("a check judges the copies that can be read, and fails only when that is none", async () => {
  const command = order([LOCAL, second.ref, third.ref]);
  const source = refOf(command, await run(command));
  const data = join(second.root, [...(await filesOf(command, second.root)).keys()].map((name) => join("postgresql", name)).find((name) => !name.endsWith(".json")) ?? "");
  await writeFile(data, "something else");
  const third_down = await down(third.ref);
  const checked = (...copies: StorageRef[]): Promise<JobEvent> => run(rig.checkCommand(++lastId, { ...source, copies }));
  expect(await checked(LOCAL, second.ref, third_down)).toMatchObject({ type: "completed", result: { ok: false, copies: [{ storage: "local", state: "good" }, { storage: second.ref.name, state: "damaged" }] } });
  expect(await checked(third_down, LOCAL)).toMatchObject({ result: { ok: false, copies: [{ storage: "local", state: "good" }] } });
  expect(await checked(third_down)).toMatchObject({ type: "failed", failure: { code: expect.stringMatching(/^storage_/) } });
});

/** Where the data lies that a backup has in a folder. */
async function dataIn(command: BackupCommand, root: string): Promise<string> {
  const name = [...(await filesOf(command, root)).keys()].find((each) => !each.endsWith(".json"));
  return join(root, "postgresql", name ?? "there is none");
}

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test("a copy is the same byte for byte; one that is there is left as it is, a half goes, another only when it may", async () => {
  const command = order([LOCAL]);
  const source = refOf(command, await run(command));
  const files = await filesOf(command, local());
  const copied = (changes: Partial<CopyCommand> = {}): Promise<JobEvent> => run(rig.copyCommand(++lastId, source, second.ref, changes));
  const done = { type: "completed", result: { kind: "copy", passed_over: [] } };
  expect(await copied({ replace: false })).toMatchObject(done);
  expect(await filesOf(command, second.root)).toEqual(files);
  const { mtimeMs } = await stat(await dataIn(command, second.root));
  expect(await copied()).toMatchObject(done);
  expect((await stat(await dataIn(command, second.root))).mtimeMs).toBe(mtimeMs);
  await flipBit(await dataIn(command, second.root));
  const damaged = await filesOf(command, second.root);
  expect(await copied({ replace: false })).toMatchObject({ type: "failed", failure: { code: "exists" } });
  expect(await filesOf(command, second.root)).toEqual(damaged);
  expect(await copied()).toMatchObject(done);
  expect(await filesOf(command, second.root)).toEqual(files);
  await rm(join(second.root, `${command.stem}.manifest.json`));
  await flipBit(await dataIn(command, second.root));
  expect(await copied({ replace: false }), "a half is nobody's backup").toMatchObject(done);
  expect(await filesOf(command, second.root)).toEqual(files);
});

test("a damaged source is passed over and told of; with no good one the copy fails, and what lies in the target stays", async () => {
  const command = order([LOCAL, second.ref, third.ref]);
  const source = refOf(command, await run(command));
  const files = await filesOf(command, local());
  const copies = [third.ref, await down(second.ref), LOCAL];
  await flipBit(await dataIn(command, third.root));
  await rm(second.root, { recursive: true });
  const found = { storage: third.ref.name, state: "damaged", detail: expect.stringContaining("SHA-256") };
  for (const there of ["nothing", "something damaged"]) {
    expect(await run(rig.copyCommand(++lastId, { ...source, copies }, second.ref)), there).toMatchObject({ type: "completed", result: { passed_over: [found] } });
    expect(await filesOf(command, second.root)).toEqual(files);
    await flipBit(await dataIn(command, second.root));
  }
  const before = await filesOf(command, second.root);
  expect(await run(rig.copyCommand(++lastId, { ...source, copies: [third.ref] }, second.ref))).toMatchObject({ type: "failed", failure: { code: "artifact_damaged" } });
  expect(await filesOf(command, second.root)).toEqual(before);
  const fresh = join(rig.data_dir, `fresh-${++lastId}`);
  expect(await run(rig.copyCommand(++lastId, { ...source, copies: [third.ref] }, rig.storageIn(`fresh-${lastId}`, fresh)))).toMatchObject({ type: "failed" });
  expect(await filesOf(command, fresh)).toEqual(new Map());
});

test("a restore and a test restore go on with the next copy, and say which they passed over", async () => {
  const command = order([second.ref, LOCAL]);
  const event = await run(command);
  const source = refOf(command, event);
  await flipBit(await dataIn(command, second.root));
  const passed_over = [{ storage: second.ref.name, state: "damaged", detail: expect.any(String) }];
  const target = rig.seal(database, `copies_restored_${++lastId}`);
  expect(await run(rig.restoreCommand(++lastId, source, target, { target: { connection: target, must_be_new: true } }))).toMatchObject({ type: "completed", result: { kind: "restore", passed_over } });
  expect(await run(rig.verifyCommand(++lastId, source, made(event).contents, target))).toMatchObject({ type: "completed", result: { kind: "verify", differences: [], passed_over } });
});

test("a program that stumbles over a copy's bytes, long before their end: the copy is at fault, and the next one is loaded", async () => {
  await using large = await freshDatabase(inject("postgres"), "stumbles");
  await large.connection.query("CREATE TABLE t AS SELECT i, repeat('x', 1000) AS text FROM generate_series(1, 5000) i");
  const command = rig.backupCommand(++lastId, rig.seal(large, large.db_name), { storages: [LOCAL, second.ref], format: "sql", compression: "none" });
  const source = refOf(command, await run(command));
  const path = await dataIn(command, local());
  await writeFile(path, (await readFile(path, "latin1")).replace("CREATE TABLE", "CREATE TABEL"), "latin1");
  const target = rig.seal(large, `${large.db_name}_new`);
  const restored = (copies: StorageRef[]): Promise<JobEvent> => run(rig.restoreCommand(++lastId, { ...source, copies }, target, { target: { connection: target, must_be_new: true } }));
  expect(await restored([LOCAL])).toMatchObject({ type: "failed", failure: { code: "artifact_damaged", message: expect.stringContaining("SHA-256") } });
  const leftBehind = `datname LIKE 'safebase\\_${lastId}\\_${Date.parse(command.created_at).toString(36)}\\_%' OR datname = '${target.db_name}'`;
  expect(await large.connection.query(`SELECT datname FROM pg_database WHERE ${leftBehind}`)).toEqual([]);
  expect(await restored([LOCAL, second.ref])).toMatchObject({ type: "completed", result: { passed_over: [{ storage: LOCAL.name, state: "damaged" }] } });
});

test("statements that somebody put into a storage elsewhere are found before any of them runs", async () => {
  const command = order([second.ref], { format: "sql", compression: "none" });
  const source = refOf(command, await run(command));
  const path = await dataIn(command, second.root);
  const role = `evil_${randomBytes(4).toString("hex")}`;
  const [whole, other] = ["SET statement_timeout = 0;", `CREATE ROLE ${role};`];
  expect(other).toHaveLength(whole.length); // the size of the file tells nothing
  await writeFile(path, (await readFile(path, "latin1")).replace(whole, other), "latin1");
  const target = rig.seal(database, `${database.db_name}_new`);
  expect(await run(rig.restoreCommand(++lastId, source, target, { target: { connection: target, must_be_new: true } }))).toMatchObject({ type: "failed", failure: { code: "artifact_damaged" } });
  expect(await database.connection.query(`SELECT rolname FROM pg_roles WHERE rolname = '${role}'`)).toEqual([]);
});

test("a clean-up removes the half of a copy, and tells of one that is all there", async () => {
  const command = order([LOCAL, second.ref]);
  const source = refOf(command, await run(command));
  const cleaned = (): Promise<JobEvent> => run(rig.copyCommand(++lastId, source, second.ref, { cleanup_only: true }));
  expect(await cleaned()).toMatchObject({ type: "completed", result: { kind: "copy" } });
  await rm(join(second.root, `${command.stem}.manifest.json`));
  expect(await cleaned()).toMatchObject({ type: "canceled" });
  expect(await filesOf(command, second.root)).toEqual(new Map());
});
