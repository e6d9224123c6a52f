import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { startWebhook } from "@safebase/testing";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { Json } from "../client.ts";
import { filledDatabase, look, startSystem, type System } from "./system.ts";

let system: System;
let hook: Awaited<ReturnType<typeof startWebhook>>;
beforeAll(async () => {
  hook = await startWebhook();
  system = await startSystem({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
  await system.admin.call("POST", "/api/channels", { name: "hook", group_s: 0, config: { type: "webhook", url: hook.url } });
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});
afterEach(({ task }) => { if (task.result?.state === "fail") console.log(system.program.output().slice(-4_000)); });

const servers = [inject("postgres"), inject("mariadb"), inject("mysql")].filter((server) => server !== null);
const check = async (backupId: number): Promise<Json> => await system.admin.ended("check", (await system.admin.check(backupId)).id) as unknown as Json;

describe.each(servers)("$engine", (server) => {
  test("damage on the disk is found, told and kept from the database; what is whole is good", async () => {
    await using database = await filledDatabase(server, system.admin, "checked", 100);
    const whole = await system.admin.backedUp(database.id);
    const backup = await system.admin.backedUp(database.id);
    const before = await look(server, database.db_name);
    expect(await check(backup.id)).toMatchObject({ status: "completed", result: "good", copies: [{ storage: "local", state: "good", detail: null }] });

    await using file = await open(join(system.artifacts_dir, backup.filepath), "r+");
    await file.write(Buffer.from("damage"), 0, 6, Math.floor(backup.size / 2));
    const found = await check(backup.id);
    expect(found).toMatchObject({ status: "completed", result: "damaged", error_msg: null, copies: [{ state: "damaged", detail: expect.stringContaining("was altered") }] });
    expect(await system.admin.call("GET", `/api/backups/${backup.id}`)).toMatchObject({ backup: { status: "completed", integrity: { state: "damaged", checked_at: found["finished_at"] } } });
    const { body } = await hook.waitForRequest(({ body: text }) => text.includes("backup_damaged") && text.includes(database.db_name));
    expect(JSON.parse(body)).toMatchObject({ notices: [{ kind: "backup_damaged", severity: "critical", backup_id: backup.id, error: { code: "artifact_damaged" } }] });

    const refused = await system.admin.ask("POST", `/api/backups/${backup.id}/restore`, { confirm: database.db_name, delay_s: 0 });
    expect(refused).toMatchObject({ status: 409, body: { code: "conflict", error: expect.stringContaining("was found damaged"), hint: expect.stringContaining(`restore backup ${whole.id}`) } });
    expect(await look(server, database.db_name)).toEqual(before);
    await rm(join(system.artifacts_dir, backup.filepath));
    expect(await check(backup.id)).toMatchObject({ status: "completed", result: "missing" });
    expect(await check(whole.id)).toMatchObject({ result: "good" });
    await system.admin.restored(whole.id, database.db_name);
    expect(await system.admin.call("GET", `/api/checks?backup_id=${backup.id}&result=damaged`)).toMatchObject({ checks: [{ id: found["id"] }], pagination: { total: 1 } });
  });
});

test("a check belongs to the owner of its backup", async () => {
  const postgres = inject("postgres");
  await using database = await filledDatabase(postgres, system.admin, "owned", 20);
  const backup = await system.admin.backedUp(database.id);
  const other = await system.newUser("other@example.org");
  expect(await other.ask("POST", `/api/backups/${backup.id}/check`)).toMatchObject({ status: 404 });
  const { id } = await check(backup.id);
  expect(await other.ask("GET", `/api/checks/${String(id)}`)).toMatchObject({ status: 404, body: { error: `check ${String(id)} not found` } });
  expect(await other.call("GET", "/api/checks")).toMatchObject({ checks: [] });
  expect(await other.ask("GET", "/api/checks?scope=all")).toMatchObject({ status: 403 });
});
