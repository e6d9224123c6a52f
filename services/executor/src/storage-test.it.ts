import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { StorageTestReply } from "@safebase/contracts";
import { createTargets } from "@safebase/runtime";
import { StoragePool } from "@safebase/storage";
import { tempDir } from "@safebase/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testStorage } from "./storage-test.ts";

let dir: Awaited<ReturnType<typeof tempDir>>;
beforeAll(async () => { dir = await tempDir("storage-test"); });
afterAll(() => dir[Symbol.asyncDispose]());

const unseal = (sealed: string): string => sealed;
const ask = async (storage: unknown) => {
  const { lookup } = createTargets([]);
  const pool = new StoragePool({ local_root: join(dir.path, "artifacts"), unseal, lookup });
  return StorageTestReply.parse(JSON.parse(JSON.stringify(await testStorage({ storage }, { pool, open: { lookup }, unseal }))));
};

test("the local storage and a folder are tried step by step, and nothing stays there", async () => {
  const steps = ["write", "read", "list", "delete"].map((step) => ({ step, ok: true }));
  const config_sealed = JSON.stringify({ type: "local", root: join(dir.path, "own") });
  for (const storage of [{ name: "local", config_sealed: null }, { name: "own", config_sealed }]) {
    expect(await ask(storage)).toMatchObject({ steps, failure: null });
  }
  expect([await readdir(join(dir.path, "artifacts")), await readdir(join(dir.path, "own"))]).toEqual([[], []]);
});

test("why it cannot be is answered: a config that makes no sense, and a place that must not be reached, by whatever name", async () => {
  expect(await ask({ name: "x", config_sealed: '{"type":"ftp"}' })).toMatchObject({ steps: [], failure: { code: "bad_request", message: "unsupported storage type: ftp" } });
  const s3 = { type: "s3", endpoint: "http://127.0.0.1:1", bucket: "backups", access_key_id: "k", secret_access_key: "s3cr3t" };
  const reply = await ask({ name: "x", config_sealed: JSON.stringify(s3) });
  expect(reply).toMatchObject({ steps: [], failure: { message: expect.stringContaining("neither a channel nor a storage may lead there") } });
  expect(JSON.stringify(reply)).not.toContain("s3cr3t");
});
