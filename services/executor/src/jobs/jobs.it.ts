import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { subjects, type JobEvent, type ProbeReply } from "@safebase/contracts";
import { connect, fillRealistic, fingerprint, freshDatabase, until, type Fingerprint, type ServerInfo } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { refOf, startRig, type Rig } from "./fixture.ts";

let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
const nextId = (): number => ++lastId;

beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const servers: (readonly [string, ServerInfo | null])[] = [["postgresql", inject("postgres")], ["mariadb", inject("mariadb")], ["mysql", inject("mysql")]];

async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

async function backUp(server: ServerInfo, db_name: string, changes = {}) {
  const command = rig.backupCommand(nextId(), rig.seal(server, db_name), changes);
  await rig.send(command);
  return { command, event: await rig.ended(command.job_id) };
}

const started = (jobId: number): Promise<true> =>
  until(`job ${jobId} to start`, () => rig.events.some(({ job_id, type }) => job_id === jobId && type === "started") || undefined);

const artifacts = async (): Promise<string[]> => {
  const files = await readdir(join(rig.data_dir, "artifacts"), { recursive: true, withFileTypes: true }).catch(() => []);
  return files.filter((file) => file.isFile()).map((file) => file.name).sort();
};

describe.each(servers)("%s", (_engine, server) => {
  test.skipIf(server === null)("a backup restores in place and under a new name, in every compression", async () => {
    const { engine } = server as ServerInfo;
    await using database = await freshDatabase(server as ServerInfo, "jobs");
    await fillRealistic(database.connection, { rows: 100 });
    const before = await look(database, database.db_name);
    const formats = engine === "postgresql" ? (["custom", "sql"] as const) : (["sql"] as const);
    for (const format of formats) {
      for (const compression of ["zstd", "gzip", "zip", "none"] as const) {
        const { command, event } = await backUp(database, database.db_name, { format, compression });
        const source = refOf(command, event);
        const copy = `${database.db_name}_${format}_${compression}`;
        const restore = rig.restoreCommand(nextId(), source, rig.seal(database, copy), { target: { connection: rig.seal(database, copy), must_be_new: true } });
        await rig.send(restore);
        expect(await rig.ended(restore.job_id), `${format} ${compression}`).toMatchObject({ type: "completed", result: { replaced: false } });
        expect(await look(database, copy)).toEqual(before);
      }
    }
    const { command, event } = await backUp(database, database.db_name);
    await database.connection.query("DELETE FROM order_lines");
    const restore = rig.restoreCommand(nextId(), refOf(command, event), rig.seal(database, database.db_name));
    await rig.send(restore);
    expect(await rig.ended(restore.job_id)).toMatchObject({ type: "completed", result: { replaced: true } });
    expect(await look(database, database.db_name)).toEqual(before);
  }, 180_000);

  test.skipIf(server === null)("an altered, cut or missing artifact is refused, and the target stays as it was", async () => {
    await using database = await freshDatabase(server as ServerInfo, "jobs");
    await fillRealistic(database.connection, { rows: 50 });
    const { command, event } = await backUp(database, database.db_name);
    const source = refOf(command, event);
    await database.connection.query("DELETE FROM order_lines");
    const target = await look(database, database.db_name);
    const path = join(rig.data_dir, "artifacts", (event as Extract<JobEvent, { type: "completed" }> & { result: { key: string } }).result.key);
    const good = await readFile(path);
    const flipped = Buffer.from(good);
    flipped[good.length >> 1] = (flipped[good.length >> 1] ?? 0) ^ 1;
    for (const damage of [() => writeFile(path, flipped), () => truncate(path, good.length - 1)]) {
      await damage();
      const restore = rig.restoreCommand(nextId(), source, rig.seal(database, database.db_name));
      await rig.send(restore);
      expect(await rig.ended(restore.job_id)).toMatchObject({ type: "failed", failure: { code: "artifact_damaged" } });
      expect(await look(database, database.db_name)).toEqual(target);
    }
  });

  test.skipIf(server === null)("a wrong password and an absent server fail with a sentence, without the password", async () => {
    const db_name = "nowhere";
    const wrong = rig.seal({ ...(server as ServerInfo), password: "wr0ng-s3cret" }, db_name);
    const refused = rig.backupCommand(nextId(), wrong);
    const absent = rig.backupCommand(nextId(), { ...wrong, port: 1 });
    await rig.send(refused);
    await rig.send(absent);
    expect(await rig.ended(refused.job_id)).toMatchObject({ type: "failed", failure: { code: "auth_failed" } });
    expect(await rig.ended(absent.job_id)).toMatchObject({ type: "failed", failure: { code: "unreachable", message: expect.stringContaining(":1") } });
    expect(JSON.stringify(rig.events)).not.toContain("wr0ng-s3cret");
  });
});

describe("jobs", () => {
  const postgres = inject("postgres");

  test("a command that comes again after NATS forgot all is answered from the receipt, and leaves one backup", async () => {
    await using database = await freshDatabase(postgres, "twice");
    const { command, event } = await backUp(database, database.db_name);
    const files = await artifacts();
    await rig.nats.wipe();
    await until("the queue to take the command again", () => rig.send(command));
    await until("the second answer", () => rig.events.filter(({ job_id, type }) => job_id === command.job_id && type === "completed").length === 2);
    expect(rig.events.filter(({ job_id }) => job_id === command.job_id).at(-1)).toEqual(event);
    expect(await artifacts()).toEqual(files);
  });

  test("cancel ends a running dump, and leaves nothing", async () => {
    await using database = await freshDatabase(postgres, "cancel");
    await database.connection.query("CREATE TABLE locked (id int)");
    await database.connection.query("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
    const files = await artifacts();
    const command = rig.backupCommand(nextId(), rig.seal(database, database.db_name));
    await rig.send(command);
    await started(command.job_id);
    await until("the job to be canceled", () => {
      rig.bus.broadcast(subjects.cancel, { job_id: command.job_id });
      return rig.events.some(({ job_id, type }) => job_id === command.job_id && type === "canceled");
    });
    expect(await artifacts()).toEqual(files);
    await database.connection.query("ROLLBACK");
  });

  test("a delete removes the artifact, and may be repeated", async () => {
    await using database = await freshDatabase(postgres, "delete");
    const files = await artifacts();
    const { command } = await backUp(database, database.db_name);
    expect(await artifacts()).not.toEqual(files);
    for (const id of [nextId(), nextId()]) {
      await rig.send(rig.deleteCommand(id, command));
      expect(await rig.ended(id)).toMatchObject({ type: "completed" });
    }
    expect(await artifacts()).toEqual(files);
  });

  test("an executor that stops hands its job back, and the next one finishes it", async () => {
    await using database = await freshDatabase(postgres, "handback");
    await database.connection.query("CREATE TABLE locked (id int); INSERT INTO locked VALUES (1)");
    await database.connection.query("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
    const command = rig.backupCommand(nextId(), rig.seal(database, database.db_name));
    await rig.send(command);
    await started(command.job_id);
    await executor[Symbol.asyncDispose]();
    const told = () => rig.events.filter(({ job_id }) => job_id === command.job_id).map(({ type }) => type);
    await until("it to say so", () => told().length > 1);
    expect(told()).toEqual(["started", "handed_back"]);
    await database.connection.query("COMMIT");
    executor = await rig.startExecutor();
    expect(await rig.ended(command.job_id)).toMatchObject({ type: "completed" });
  });

  test("NATS lost with everything in it does not end a running job", async () => {
    await using database = await freshDatabase(postgres, "wipe");
    await database.connection.query("CREATE TABLE locked (id int)");
    await database.connection.query("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
    const command = rig.backupCommand(nextId(), rig.seal(database, database.db_name));
    await rig.send(command);
    await started(command.job_id);
    await rig.nats.wipe();
    await database.connection.query("COMMIT");
    expect(await rig.ended(command.job_id)).toMatchObject({ type: "completed" });
  });

  test("a probe reports the server, and a refused one says why", async () => {
    await using database = await freshDatabase(postgres, "probe");
    const ask = (connection: object): Promise<unknown> => rig.bus.request(subjects.probe("default"), { connection }, 20_000);
    const sealed = rig.seal(database, database.db_name);
    const good = await ask(sealed) as ProbeReply;
    expect(good).toMatchObject({ ok: true, report: { server: expect.stringContaining("PostgreSQL"), tables: 0 } });
    expect(await ask({ ...sealed, db_name: "no such" })).toMatchObject({ ok: false, failure: { code: "database_missing" } });
  });
});
