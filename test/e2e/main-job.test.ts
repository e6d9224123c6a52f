import { connect, freshDatabase, type ServerInfo } from "@safebase/testing";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { damage, dropLater, filledDatabase, filesIn, look, sideDatabasesGone, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);

describe("with the catalog in SQLite", () => {
  let system: System;
  beforeAll(async () => { system = await startSystem(); });
  afterAll(() => system[Symbol.asyncDispose]());
  afterEach(({ task }) => { if (task.result?.state === "fail") console.log(system.program.output().slice(-4_000)); });
  describe.each(servers)("$engine", (server) => mainJob(server, () => system));
});

describe("with the catalog in PostgreSQL", () => {
  const stack = new AsyncDisposableStack();
  let system: System;
  beforeAll(async () => {
    const { username, password, host, port, db_name } = stack.use(await freshDatabase(inject("postgres"), "catalog"));
    system = stack.use(await startSystem({ SAFEBASE_CATALOG_URL: `postgres://${username}:${password}@${host}:${port}/${db_name}` }));
  });
  afterAll(() => stack.disposeAsync());
  describe.each([inject("postgres"), inject("mariadb")])("$engine", (server) => mainJob(server, () => system));
  test("the data folder holds no other catalog", async () => {
    expect((await filesIn(system.data_dir)).filter((name) => name.startsWith("catalog"))).toEqual([]);
  });
});

interface Tested { ok: boolean; server: string; tables: number; warnings: unknown[]; client: { name: string; version: string } }

function mainJob(server: ServerInfo, system: () => System): void {
  const { engine, host, port, username, password } = server;
  const admin = () => system().admin;

  test("registers by fields and by connection string, tests, and shows no password", async () => {
    await using database = await filledDatabase(server, admin());
    const url = `${engine}://${username}:${encodeURIComponent(password)}@${host}:${port}/${database.db_name}`;
    const asked = [
      { name: "by fields", type: engine, host, port: String(port), username, password, db_name: database.db_name },
      { name: "by string", url },
    ];
    for (const body of asked) {
      const made = await admin().ask("POST", "/api/databases", body);
      expect(made).toMatchObject({ status: 201, body: { database: { name: body.name, type: engine, host, port, username, db_name: database.db_name, has_password: true } } });
      expect(JSON.stringify(made.body)).not.toContain(password);
      const { id } = made.body["database"] as { id: number };
      const tested = await admin().call<Tested>("POST", `/api/databases/${id}/test`);
      expect(tested).toMatchObject({ ok: true, server: expect.stringContaining(server.version), client: { version: expect.stringMatching(/^\d+\.\d/) } });
      expect(tested.tables).toBeGreaterThan(5);
    }
    const { name: _, ...unsaved } = asked[0]!;
    expect(await admin().ask("POST", "/api/databases/test", unsaved)).toMatchObject({ status: 200, body: { ok: true } });
  });

  test("restores in place, into another registered database, and under a new name: schema and every row", async () => {
    await using database = await filledDatabase(server, admin());
    await using other = await freshDatabase(server, "other");
    const before = await look(server, database.db_name);
    const backup = await admin().backedUp(database.id);
    expect(backup).toMatchObject({ trigger: "manual", compression: "zstd", format: engine === "postgresql" ? "custom" : "sql", error_msg: null });

    await damage(server, database.db_name);
    expect(await look(server, database.db_name)).not.toEqual(before);
    const { safety_backup_id } = await admin().restored(backup.id, database.db_name);
    expect(await look(server, database.db_name)).toEqual(before);
    if (engine === "postgresql") expect(safety_backup_id).toBeNull();
    else expect(await admin().backup(safety_backup_id!)).toMatchObject({ status: "completed", trigger: "safety" });

    const other_id = await admin().addDatabase(server, other.db_name);
    await admin().restored(backup.id, other.db_name, { target: { database_id: other_id } });
    expect(await look(server, other.db_name)).toEqual(before);

    const copy = `${database.db_name} (copy)`;
    await using _dropped = dropLater(server, copy);
    await admin().restored(backup.id, copy, { target: { db_name: copy } });
    expect(await look(server, copy)).toEqual(before);
    const again = await admin().restore(backup.id, copy, { target: { db_name: copy } });
    expect(await admin().ended("restore", again.id)).toMatchObject({ status: "failed", error_code: "conflict", error_msg: expect.stringContaining(copy) });
    expect(await look(server, copy)).toEqual(before);
  });

  test("cancels a restore in its delay: the target is untouched", async () => {
    await using database = await filledDatabase(server, admin());
    const backup = await admin().backedUp(database.id);
    await damage(server, database.db_name);
    const damaged = await look(server, database.db_name);
    const restore = await admin().restore(backup.id, database.db_name, { delay_s: 60 });
    expect(restore).toMatchObject({ status: "pending", starts_in_s: expect.toSatisfy((seconds: number) => seconds > 50 && seconds <= 60) });
    await admin().call("POST", `/api/jobs/${restore.job_id}/cancel`);
    expect(await admin().ended("restore", restore.id, 5_000)).toMatchObject({ status: "canceled" });
    if (typeof restore.safety_backup_id === "number") expect(await admin().ended("backup", restore.safety_backup_id, 5_000)).toMatchObject({ status: "canceled" });
    expect(await look(server, database.db_name)).toEqual(damaged);
    expect(await admin().ask("POST", `/api/jobs/${restore.job_id}/cancel`)).toMatchObject({ status: 409, body: { error: `job ${restore.job_id} is canceled already` } });
  });

  test("cancels a running backup, which leaves nothing; refuses meanwhile to delete it", async () => {
    await using database = await filledDatabase(server, admin());
    const files = await system().artifacts();
    await using _held = await holdDumps(server, database.db_name);
    const { id, job_id } = await admin().backUp(database.id);
    await admin().reached("backup", id, ["running"]);
    expect(await admin().ask("DELETE", `/api/backups/${id}`)).toMatchObject({ status: 409, body: { error: `backup ${id} is running`, hint: "cancel it first" } });
    expect(await admin().ask("GET", `/api/backups/${id}/download`)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await admin().ask("POST", `/api/backups/${id}/restore`, { confirm: database.db_name })).toMatchObject({ status: 409, body: { error: `backup ${id} is running; only a completed backup can be restored` } });
    expect(await admin().ask("POST", `/api/jobs/${job_id}/cancel`)).toMatchObject({ status: 202 });
    expect(await admin().ended("backup", id, 10_000)).toMatchObject({ status: "canceled", size: null });
    expect(await system().artifacts()).toEqual(files);
  });

  test("cancels a running restore: the target is as it was, and nothing is left beside it", async () => {
    await using database = await filledDatabase(server, admin(), "shop", 20_000);
    const backup = await admin().backedUp(database.id);
    await damage(server, database.db_name);
    const damaged = await look(server, database.db_name);
    const restore = await admin().restore(backup.id, database.db_name);
    await admin().reached("restore", restore.id, ["running"]);
    expect(await admin().ask("POST", `/api/jobs/${restore.job_id}/cancel`)).toMatchObject({ status: 202 });
    expect(await admin().ended("restore", restore.id)).toMatchObject({ status: "canceled" });
    expect(await look(server, database.db_name)).toEqual(damaged);
    await sideDatabasesGone(server);
    await admin().restored(backup.id, database.db_name);
    expect(await look(server, database.db_name)).not.toEqual(damaged);
  });

  test("deletes a backup with its artifact", async () => {
    await using database = await filledDatabase(server, admin());
    const { id, filepath } = await admin().backedUp(database.id);
    const own = async () => (await system().artifacts()).filter((name) => name.startsWith(filepath.replace(/\.(dump|sql)\.zst$/, ".")));
    expect(await own()).toEqual([filepath, filepath.replace(/\.(dump|sql)\.zst$/, ".manifest.json")].sort());
    expect(await admin().ask("DELETE", `/api/backups/${id}`)).toMatchObject({ status: 200, body: { message: `backup ${id} is deleted` } });
    expect(await admin().ask("GET", `/api/backups/${id}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
    await expect.poll(own, { timeout: 10_000 }).toEqual([]);
    expect(await admin().ask("DELETE", `/api/backups/${id}`)).toMatchObject({ status: 404 });
  });
}

/** Locks a table of the realistic schema: every dump waits for it until this is disposed of. */
async function holdDumps(server: ServerInfo, db_name: string): Promise<AsyncDisposable> {
  const session = await connect(server, db_name);
  await session.query(server.engine === "postgresql" ? "BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE" : "LOCK TABLES audit WRITE");
  return session;
}
