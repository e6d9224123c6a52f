import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateAgeKey } from "@safebase/artifact";
import type { ArtifactRef, BackupCommand, JobEvent } from "@safebase/contracts";
import { IDENTITY_CONTEXT, loadSecrets } from "@safebase/runtime";
import { fillRealistic, freshDatabase } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { refOf, startRig, type Rig } from "./fixture.ts";

let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

async function backUp(changes: Partial<BackupCommand> = {}): Promise<{ ref: ArtifactRef; path: string }> {
  await using database = await freshDatabase(inject("postgres"), "check");
  await fillRealistic(database.connection, { rows: 20 });
  const command = rig.backupCommand(++lastId, rig.seal(database, database.db_name), changes);
  await rig.send(command);
  const event = await rig.ended(command.job_id);
  if (event.type !== "completed" || event.result.kind !== "backup") throw new Error(JSON.stringify(event));
  return { ref: refOf(command, event), path: join(rig.data_dir, "artifacts", event.result.key) };
}

async function check(source: ArtifactRef): Promise<JobEvent> {
  const command = rig.checkCommand(++lastId, source);
  await rig.send(command);
  return rig.ended(command.job_id);
}

test("a check is completed whatever it finds, says it of each copy, and needs no server", async () => {
  const { ref, path } = await backUp(); // of a database that is gone
  const good = { type: "completed", result: { kind: "check", ok: true, copies: [{ storage: "local", state: "good", detail: null }] } };
  expect(await check(ref)).toMatchObject(good);
  expect(await check({ ...ref, backup_id: ref.backup_id + 1_000 })).toMatchObject(good); // as a catalog calls it that a scan rebuilt
  const other = await backUp();
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await rm(other.path);
  const found = (state: string, detail: RegExp) => ({ type: "completed", result: { ok: false, copies: [{ storage: "local", state, detail: expect.stringMatching(detail) }] } });
  expect(await check(ref)).toMatchObject(found("damaged", /was altered: its SHA-256 is/));
  expect(await check(other.ref)).toMatchObject(found("missing", /does not hold/));
});

test("one that cannot be made fails, and finds nothing", async () => {
  const { ref } = await backUp();
  expect(await check({ ...ref, copies: [{ name: "elsewhere", config_sealed: null }] })).toMatchObject({ type: "failed", failure: { code: "storage_failed" } });
});

test("an encrypted one is opened where its identity is known, else read as far as its stored bytes", async () => {
  const key = generateAgeKey();
  const { ref, path } = await backUp({ recipients: [key.recipient] });
  const secrets = (await loadSecrets(undefined, rig.data_dir)).forGroup("default");
  const checkWith = async (identity: string | undefined): Promise<unknown> => {
    const command = rig.checkCommand(++lastId, ref, identity === undefined ? {} : { identities_sealed: secrets.seal(identity, IDENTITY_CONTEXT) });
    await rig.send(command);
    const event = await rig.ended(command.job_id);
    return event.type === "completed" && event.result.kind === "check" ? event.result.copies[0] : event;
  };
  expect(await checkWith(key.identity)).toEqual({ storage: "local", state: "good", detail: null });
  for (const identity of [undefined, generateAgeKey().identity]) {
    expect(await checkWith(identity)).toEqual({ storage: "local", state: "good", detail: expect.stringContaining("its identity is kept away") });
  }
  await truncate(path, ref.size_bytes - 1);
  for (const identity of [undefined, key.identity]) expect(await checkWith(identity)).toMatchObject({ state: "damaged" });
  expect(JSON.stringify(rig.events)).not.toContain("AGE-SECRET-KEY");
});

test("a clean-up has nothing to undo", async () => {
  const { ref } = await backUp();
  const command = rig.checkCommand(++lastId, ref, { cleanup_only: true });
  await rig.send(command);
  expect(await rig.ended(command.job_id)).toMatchObject({ type: "canceled" });
});
