import { SafebaseError } from "@safebase/contracts";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { storageContract } from "../contract-suite.ts";
import type { StorageUnderTest } from "../contract-suite.ts";
import { openStorage, withLimits, withLog, withMetrics, withRetry } from "../index.ts";
import type { Storage } from "../index.ts";

const QUICK = { attempts: 4, first_pause_ms: 1, longest_pause_ms: 5 };
const SILENT = { debug: () => {}, warn: () => {} };

async function openLocal(): Promise<StorageUnderTest> {
  const root = await mkdtemp(join(tmpdir(), "safebase-decorated-"));
  return {
    storage: await openStorage({ type: "local", id: "test", root }),
    async names() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
    },
    async leaveTemp(key) {
      await mkdir(dirname(join(root, key)), { recursive: true });
      await writeFile(join(root, dirname(key), ".tmp-died"), "half");
    },
    close: () => rm(root, { recursive: true }),
  };
}

storageContract("local, decorated", {
  async open() {
    const under = await openLocal();
    return { ...under, storage: withLog(withLimits(withRetry(under.storage, QUICK), { transfers: 20 }), SILENT) };
  },
  openSmall: async () => "a full disk is tried without decorators",
});

/** A storage whose operations fail so many times before they work; a get is cut after `cut_after_bytes` as often. */
function failing(storage: Storage, times: number, { code = "storage_failed" as const, cut_after_bytes = 0 } = {}): Storage & { calls: string[] } {
  const calls: string[] = [];
  let left = times;
  const attempt = (call: string): void => {
    calls.push(call);
    if (left-- > 0) throw new SafebaseError(code, "it failed");
  };
  return {
    id: storage.id, calls,
    async put(key, source, options) { attempt("put"); return storage.put(key, source, options); },
    async get(key, options = {}) {
      calls.push(`get ${options.offset ?? 0}`);
      const stream = await storage.get(key, options);
      return left-- > 0 ? Readable.from(cut(stream, cut_after_bytes)) : stream;
    },
    async stat(key) { attempt("stat"); return storage.stat(key); },
    async *list(prefix) { attempt("list"); yield* storage.list(prefix); },
    async delete(key) { attempt("delete"); return storage.delete(key); },
    async space() { attempt("space"); return storage.space(); },
    async sweepTemps(older_than_ms) { attempt("sweep"); return storage.sweepTemps(older_than_ms); },
  };
}

async function* cut(stream: Readable, after_bytes: number): AsyncGenerator<Uint8Array> {
  let left = after_bytes;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) throw new SafebaseError("storage_failed", "cut");
  }
}

describe("retry", () => {
  it("repeats what may pass, as often as it may, and nothing else", async () => {
    await using under = await disposable();
    const twice = failing(under.storage, 2);
    await withRetry(twice, QUICK).delete("a");
    expect(twice.calls).toEqual(["delete", "delete", "delete"]);
    const always = failing(under.storage, 99);
    await expect(withRetry(always, QUICK).stat("a")).rejects.toMatchObject({ code: "storage_failed" });
    expect(always.calls).toHaveLength(4);
    const refused = failing(under.storage, 99, { code: "storage_refused" as "storage_failed" });
    await expect(withRetry(refused, QUICK).stat("a")).rejects.toMatchObject({ code: "storage_refused" });
    expect(refused.calls).toHaveLength(1);
  });

  it("puts what it can hold again, and a long source never", async () => {
    await using under = await disposable();
    const twice = failing(under.storage, 2);
    expect(await withRetry(twice, QUICK).put("small", Readable.from([Buffer.from("x")]))).toEqual({ size_bytes: 1 });
    expect(twice.calls).toHaveLength(3);
    const once = failing(under.storage, 1);
    const source = Readable.from([randomBytes(900_000), randomBytes(900_000)]);
    await expect(withRetry(once, QUICK).put("large", source)).rejects.toMatchObject({ code: "storage_failed" });
    expect(once.calls).toHaveLength(1);
    expect(source.destroyed).toBe(true);
  });

  it("knows its own object again when only the answer was lost", async () => {
    await using under = await disposable();
    let first = true;
    const losing: Storage = { ...failing(under.storage, 0), async put(key, source, options) {
      const stored = await under.storage.put(key, source, options);
      if (first) { first = false; throw new SafebaseError("storage_failed", "the answer was lost"); }
      return stored;
    } };
    expect(await withRetry(losing, QUICK).put("k", Readable.from([Buffer.from("mine")]))).toEqual({ size_bytes: 4 });
    await expect(withRetry(losing, QUICK).put("k", Readable.from([Buffer.from("ours")]))).rejects.toMatchObject({ code: "exists" });
  });

  it("goes on reading where it was cut, within the range", async () => {
    await using under = await disposable();
    const data = randomBytes(500_000);
    await under.storage.put("d", Readable.from([data]));
    const cutting = failing(under.storage, 3, { cut_after_bytes: 70_001 });
    const got = Buffer.concat(await Array.fromAsync(await withRetry(cutting, QUICK).get("d", { offset: 10, length: 400_000 })));
    expect(got.equals(data.subarray(10, 400_010))).toBe(true);
    expect(cutting.calls).toEqual(["get 10", "get 70011", "get 140012", "get 210013"]);
  });
});

describe("limits", () => {
  it("lets so many through at once, and the next in their order", async () => {
    await using under = await disposable();
    let now = 0, most = 0;
    const counting: Storage = { ...failing(under.storage, 0), async put(key, source, options) {
      most = Math.max(most, ++now);
      try { return await under.storage.put(key, source, options); } finally { now--; }
    } };
    const limited = withLimits(counting, { transfers: 2 });
    await Promise.all(Array.from({ length: 9 }, (_, n) => limited.put(`k${n}`, Readable.from([randomBytes(50_000)]))));
    expect(most).toBe(2);
  });

  it("takes the time that the pace asks for, and gives the turn back when a reader leaves", async () => {
    await using under = await disposable();
    const limited = withLimits(under.storage, { upload_bytes_per_s: 1_000_000, transfers: 1 });
    const start_ms = performance.now();
    await limited.put("p", Readable.from(Array.from({ length: 5 }, () => randomBytes(100_000))));
    expect(performance.now() - start_ms).toBeGreaterThan(350);
    (await limited.get("p")).destroy();
    expect(Buffer.concat(await Array.fromAsync(await limited.get("p")))).toHaveLength(500_000);
  });
});

describe("metrics and log", () => {
  it("tell each operation with its outcome and size", async () => {
    await using under = await disposable();
    const seen: string[] = [];
    const meters = {
      duration_seconds: { observe: ({ operation, outcome }: Record<string, string>) => { seen.push(`${operation} ${outcome}`); } },
      bytes: { inc: ({ operation }: Record<string, string>, value: number) => { seen.push(`${operation} ${value} bytes`); } },
    };
    const warnings: unknown[] = [];
    const storage = withLog(withMetrics(under.storage, meters), { debug: () => {}, warn: (fields) => { warnings.push(fields); } });
    await storage.put("k", Readable.from([Buffer.from("1234")]));
    await Array.fromAsync(await storage.get("k", { length: 2 }));
    await expect(storage.get("none")).rejects.toMatchObject({ code: "artifact_missing" });
    await expect(storage.put("", Readable.from([]))).rejects.toMatchObject({ code: "bad_request" });
    expect(seen).toEqual(["put ok", "put 4 bytes", "get ok", "get 2 bytes", "get artifact_missing", "put bad_request"]);
    expect(warnings).toMatchObject([{ storage: "test", operation: "put", outcome: "bad_request" }]);
  });
});

async function disposable(): Promise<StorageUnderTest & AsyncDisposable> {
  const under = await openLocal();
  return { ...under, [Symbol.asyncDispose]: () => under.close() };
}
