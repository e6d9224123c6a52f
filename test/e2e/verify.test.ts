import { open } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@safebase/testing";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { Json } from "../client.ts";
import { filledDatabase, look, startSystem, type System } from "./system.ts";

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());
afterEach(({ task }) => { if (task.result?.state === "fail") console.log(system.program.output().slice(-4_000)); });

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);

describe.each(servers)("$engine", (server) => {
  const scratches = async (scratch: unknown): Promise<string[]> => {
    await using admin = await connect(server);
    const list = server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA";
    return (await admin.query(list)).map(({ name }) => String(name)).filter((name) => name.startsWith(String(scratch)));
  };

  test("a backup is proved over HTTP: every table and row, the source as it was, nothing left", async () => {
    await using database = await filledDatabase(server, system.admin, "proved", 300);
    const before = await look(server, database.db_name);
    const backup = await system.admin.backedUp(database.id);
    expect(await system.admin.call("GET", `/api/backups/${backup.id}`)).toMatchObject({ backup: { verified_at: null, verification: null } });
    const ordered = await system.admin.ask("POST", `/api/backups/${backup.id}/verify`);
    expect(ordered).toMatchObject({ status: 202, body: { message: expect.stringContaining(String(backup.id)), verification: { backup_id: backup.id, database_id: database.id, trigger: "manual" } } });
    const { id } = ordered.body["verification"] as { id: number };
    const shown = await system.admin.ended("verification", id) as unknown as Json;
    const { contents } = (await system.admin.call<{ backup: { contents: { tables: { rows: number }[] } } }>("GET", `/api/backups/${backup.id}`)).backup;
    expect(shown).toMatchObject({
      status: "completed", error_msg: null, differences: [], tables: contents.tables.length, rows: contents.tables.reduce((sum, { rows }) => sum + rows, 0),
      scratch_db_name: expect.stringMatching(/^safebase_verify_/), duration_ms: expect.any(Number),
    });
    expect(await system.admin.call("GET", `/api/backups/${backup.id}`)).toMatchObject({ backup: { verified_at: shown["finished_at"], verification: { id, status: "completed" } } });
    expect(await system.admin.call("GET", `/api/verifications?backup_id=${backup.id}`)).toMatchObject({ verifications: [{ id }], pagination: { total: 1 } });
    expect(await scratches(shown["scratch_db_name"])).toEqual([]);
    expect(await look(server, database.db_name)).toEqual(before);
    await system.admin.verified(backup.id); // again, and again is fine
  });

  test("a damaged artifact proves nothing, and says so", async () => {
    await using database = await filledDatabase(server, system.admin, "damaged", 50);
    const backup = await system.admin.backedUp(database.id);
    await using file = await open(join(system.artifacts_dir, backup.filepath), "r+");
    await file.write(Buffer.from("damage"), 0, 6, Math.floor(backup.size / 2));
    const { id } = await system.admin.verify(backup.id);
    const shown = await system.admin.ended("verification", id) as unknown as Json;
    expect(shown).toMatchObject({ status: "failed", error_code: "artifact_damaged", error_msg: expect.stringMatching(/\w/) });
    expect(await system.admin.call("GET", `/api/backups/${backup.id}`)).toMatchObject({ backup: { verified_at: null, verification: { id, status: "failed" } } });
    expect(await scratches(shown["scratch_db_name"])).toEqual([]);
  });
});
