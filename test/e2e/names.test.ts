import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { damage, dropLater, filesIn, filledDatabase, look, startSystem, type System } from "./system.ts";

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

const NAMES = ["it's a \"quoted\" `tick`", "a=b; DROP TABLE x; --", "../../escaped", "$(touch safebase_touched)", "ünïcode 漢字 ☃", "-dash %41%2e\\x", "postgres://u:p@h/d"];

describe.each(servers)("$engine: names that mean something elsewhere", (server) => {
  test.each(NAMES)("%s: registered, backed up, restored as new and in place", async (db_name) => {
    const name = `${db_name} 😀`; // the registration's: MySQL itself names nothing with four bytes
    const outside = await outsideOfArtifacts();
    await using database = await filledDatabase(server, system.admin, db_name, 10);
    const registered = await system.admin.ask("PUT", `/api/databases/${database.id}`, { name });
    expect(registered).toMatchObject({ status: 200, body: { database: { name, db_name: database.db_name } } });
    const backup = await system.admin.backedUp(database.id);
    // mariadb-dump cannot read the events of such a database; the backup says so.
    const events_left_out = server.engine === "mariadb" && /['"\\]/.test(db_name);
    const { warnings } = await system.admin.call<{ backup: { warnings: { code: string }[] } }>("GET", `/api/backups/${backup.id}`).then((answer) => answer.backup);
    expect(warnings.map(({ code }) => code).filter((code) => code === "events_left_out")).toHaveLength(events_left_out ? 1 : 0);
    const before = { ...await look(server, database.db_name), ...(events_left_out ? { events: {} } : {}) };
    expect(backup.filepath).toMatch(new RegExp(`^${server.engine}/[^/]+_${server.engine}_\\d{8}_\\d{6}_${backup.id}\\.(dump|sql)\\.zst$`));
    expect(backup.filename).not.toMatch(/\.\.|[\\/;$()'"`=\s]|^-/);
    expect((await stat(join(system.artifacts_dir, backup.filepath))).size).toBe(backup.size);

    const copy = `${db_name} 2`;
    await using _dropped = dropLater(server, copy);
    await system.admin.restored(backup.id, copy, { target: { db_name: copy } });
    expect(await look(server, copy)).toEqual(before);
    await damage(server, database.db_name);
    await system.admin.restored(backup.id, database.db_name);
    expect(await look(server, database.db_name)).toEqual(before);
    const download = await system.admin.fetch("GET", `/api/backups/${backup.id}/download?as=sql`);
    expect([download.status, (await download.bytes()).length > 1_000]).toEqual([200, true]);
    expect(await outsideOfArtifacts()).toEqual(outside);
  });
});

/** Names of what lies where a name could have led to: the data folder, what is above it, and where we stand. */
async function outsideOfArtifacts(): Promise<string[]> {
  const inside = (await filesIn(system.data_dir)).filter((path) => !/^(artifacts|nats|executor)\b/.test(path)).filter((path) => !/-(wal|shm)$/.test(path));
  const above = (await Promise.all([process.cwd(), "/", join(system.data_dir, "..")].map((dir) => readdir(dir)))).flat();
  return [...inside, ...above.filter((name) => /touched|escaped/.test(name))].sort();
}
