import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startWebhook, until } from "@safebase/testing";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import type { Shown } from "../client.ts";
import { damage, filesIn, filledDatabase, look, startSystem, type System } from "./system.ts";

interface Copy { readonly storage: string; readonly state: string; readonly detail: string | null; readonly job: { readonly id: number } | null }
type Stored = Shown & { readonly copies: readonly Copy[]; readonly integrity: { readonly state: string } };

let system: System;
let hook: Awaited<ReturnType<typeof startWebhook>>;
let offsite: string;
beforeAll(async () => {
  hook = await startWebhook();
  system = await startSystem({ SAFEBASE_ALLOWED_TARGETS: "127.0.0.1" });
  await system.admin.call("POST", "/api/channels", { name: "hook", group_s: 0, config: { type: "webhook", url: hook.url } });
  offsite = join(system.data_dir, "offsite");
  await system.admin.call("POST", "/api/storages", { name: "offsite", config: { type: "local", root: offsite, reserve_mib: 0 } });
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});
afterEach(({ task }) => { if (task.result?.state === "fail") console.log(system.program.output().slice(-4_000)); });

const stored = (id: number): Promise<Stored> => system.admin.backup(id) as Promise<Stored>;
const told = (kind: string, { id }: Shown): Promise<unknown> => hook.waitForRequest(({ body }) => body.includes(`"${kind}"`) && body.includes(`"backup_id":${id},`));
const allGood = (id: number): Promise<unknown> => until("both copies to be good", async () => {
  const { copies } = await stored(id);
  return copies.length === 2 && copies.every(({ state, job }) => state === "good" && job === null);
}, { timeout_ms: 30_000 });

/** What both storages hold, by name; the same for every copy that is as it was written. */
async function bytesIn(dir: string): Promise<Record<string, string>> {
  const names = (await filesIn(dir).catch(() => [])).filter((name) => name.startsWith("postgresql/"));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), "base64")] as const)));
}

async function flipBit(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test("one dump in two storages: damage is repaired, a storage that breaks gets its copy later, and the loss of one loses nothing", async () => {
  const postgres = inject("postgres");
  await using database = await filledDatabase(postgres, system.admin, "copies", 50);
  await system.admin.call("PUT", `/api/databases/${database.id}`, { storages: ["local", "offsite"] });
  const backup = await system.admin.backedUp(database.id);
  expect(await stored(backup.id)).toMatchObject({ copies: [{ storage: "local", state: "good" }, { storage: "offsite", state: "good" }] });
  const written = await bytesIn(offsite);
  expect(Object.keys(written)).toHaveLength(2);
  expect(await bytesIn(system.artifacts_dir)).toEqual(written);

  await flipBit(join(offsite, backup.filepath));
  const { id: check_id } = await system.admin.check(backup.id);
  expect(await system.admin.ended("check", check_id)).toMatchObject({ status: "completed", result: "good", copies: [{ storage: "local", state: "good" }, { storage: "offsite", state: "damaged" }] });
  await told("copy_damaged", backup);
  await allGood(backup.id);
  await told("copy_repaired", backup);
  expect(await bytesIn(offsite)).toEqual(written);
  expect((await stored(backup.id)).integrity.state).toBe("good");

  const before = await look(postgres, database.db_name);
  await damage(postgres, database.db_name);
  for (const name of Object.keys(written)) await rm(join(system.artifacts_dir, name));
  await system.admin.restored(backup.id, database.db_name);
  expect(await look(postgres, database.db_name)).toEqual(before);
  await allGood(backup.id);
  expect(await bytesIn(system.artifacts_dir), "the restore has told of the copy that was gone").toEqual(written);

  await rm(offsite, { recursive: true });
  await writeFile(offsite, "no folder any more");
  const partial = await system.admin.backedUp(database.id);
  await told("copy_missing", partial);
  const missing = await until("the first try to have failed", async () => (await stored(partial.id)).copies.find(({ state, job, detail }) => state === "missing" && job !== null && detail !== null));
  expect(missing).toMatchObject({ storage: "offsite" });
  await rm(offsite);
  await system.admin.call("POST", `/api/backups/${partial.id}/copies/offsite/retry`);
  await allGood(partial.id);
  const all = await bytesIn(system.artifacts_dir);
  const ofPartial = Object.fromEntries(Object.entries(all).filter(([name]) => !(name in written)));
  expect(await bytesIn(offsite)).toEqual(ofPartial);

  for (const { id } of [backup, partial]) await system.admin.call("DELETE", `/api/backups/${id}`);
  await until("both to have gone from both", async () => [...Object.keys(await bytesIn(offsite)), ...Object.keys(await bytesIn(system.artifacts_dir))].length === 0, { timeout_ms: 30_000 });
});
