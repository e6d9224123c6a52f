import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { s3Missing, startHttpFaults, startS3, startSshd, tempDir } from "@safebase/testing";
import type { HttpFaultProxy, S3Server } from "@safebase/testing";
import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStorage, probeStorage } from "./index.ts";
import type { ProbeSteps, Storage } from "./index.ts";
import { configOf, openBucket } from "./s3/testing.ts";
import { openFolder } from "./sftp/testing.ts";

const ALL = ["write", "read", "list", "delete"];

const taken = ({ steps }: ProbeSteps): string[] => steps.filter(({ ok }) => ok).map(({ step }) => step);

function expectWhole(found: ProbeSteps): void {
  expect(found.error).toBeUndefined();
  expect(taken(found)).toEqual(ALL);
  for (const { elapsed_ms, note } of found.steps) {
    expect(elapsed_ms).toBeGreaterThan(0);
    expect(note).toBeUndefined();
  }
}

describe("a probe of a local storage", () => {
  it("takes each step and leaves nothing", async () => {
    await using dir = await tempDir("probe");
    expectWhole(await probeStorage(await openStorage({ type: "local", id: "test", root: dir.path })));
    expect(await readdir(dir.path)).toEqual([]);
  });

  it("tells storages that do not keep their word", async () => {
    await using dir = await tempDir("probe");
    const real = await openStorage({ type: "local", id: "test", root: dir.path });
    const lying = (lies: Partial<Storage>): Storage => ({
      id: "lying", put: real.put.bind(real), get: real.get.bind(real), stat: real.stat.bind(real), list: real.list.bind(real), delete: real.delete.bind(real),
      space: real.space.bind(real), sweepTemps: real.sweepTemps.bind(real), ...lies,
    });
    async function* none(): AsyncGenerator<never> {}
    const mixed = await probeStorage(lying({ get: async () => Readable.from([Buffer.from("other")]) }));
    expect(mixed).toMatchObject({ error: { code: "storage_failed", message: expect.stringMatching(/^objects can be written but not read back: .* other bytes/), hint: expect.stringMatching(/proxy/) } });
    expect(taken(mixed)).toEqual(["write"]);
    expect((await probeStorage(lying({ list: none }))).error).toMatchObject({ message: expect.stringMatching(/not listed: .* not in the list/) });
    expect(await readdir(dir.path)).toEqual([]);
    expect((await probeStorage(lying({ delete: async () => {} }))).error).toMatchObject({ message: expect.stringMatching(/still there after its deletion/) });
    const hung = await probeStorage(lying({ list: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }) }), { signal: AbortSignal.timeout(50) });
    expect(hung).toMatchObject({ steps: [{ ok: true }, { ok: true }, { step: "list", ok: false }], error: { code: "canceled" } });
  });
});

describe("a probe of an SFTP storage", () => {
  it("takes each step and leaves nothing", async () => {
    await using server = await startSshd();
    const { storage, names } = await openFolder(server);
    expectWhole(await probeStorage(storage));
    expect(await names()).toEqual([]);
  });
});

const missing = s3Missing("moto");
if (missing !== undefined) {
  console.warn(`skipped: ${missing}`);
  it.skip(missing);
} else describe("a probe of an S3 storage", () => {
  let server: S3Server, proxy: HttpFaultProxy;
  beforeAll(async () => {
    server = await startS3("moto");
    proxy = await startHttpFaults(server.port);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(() => proxy.clear());

  it("takes each step and leaves nothing", async () => {
    const { storage, names } = await openBucket(server);
    expectWhole(await probeStorage(storage));
    expect(await names()).toEqual([]);
  });

  it.each([
    ["write", "PUT", [], /^objects cannot be written: .* may not do this in the bucket/],
    ["read", "GET", ["write"], /^objects can be written but not read back: /],
    ["delete", "DELETE", ["write", "read", "list"], /^objects can be written, read and listed but not deleted: .* may not do this/],
  ] as const)("says that the key may not %s", async (_, method, steps, message) => {
    const { bucket } = await openBucket(server);
    const body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    proxy.inject({ when: (request) => request.method === method && !/list-type/.test(request.url ?? ""), fault: { at: "answer", status: 403, body } });
    const found = await probeStorage(await openStorage(configOf(server, bucket, { endpoint: `http://127.0.0.1:${proxy.port}` })));
    expect(taken(found)).toEqual(steps);
    expect(found.steps).toHaveLength(steps.length + 1);
    expect(found.error).toMatchObject({ code: "storage_refused", message: expect.stringMatching(message), hint: expect.stringMatching(/s3:DeleteObject/) });
    expect(found.error).toBeInstanceOf(SafebaseError);
  });

  it("says what an object lock keeps, which is no failure", async () => {
    const { bucket, storage } = await openBucket(server, { lock_mode: "governance", lock_days: 1 });
    const found = await probeStorage(storage, { locked: true });
    expect(found.error).toBeUndefined();
    expect(found.steps.at(-1)).toMatchObject({ step: "delete", ok: true, note: expect.stringMatching(/object lock keeps the test object/) });
    const { Versions } = await server.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect(Versions).toHaveLength(1);
  });
});
