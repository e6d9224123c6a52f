import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Storage } from "./storage.ts";

export type StorageUnderTest = {
  storage: Storage;
  /** Every name that lies in the backend, temporaries included. */
  names: () => Promise<string[]>;
  /** Leaves a temporary of a put that died, in the folder of the key. */
  leaveTemp: (key: string) => Promise<void>;
  close: () => Promise<void>;
};

export type StorageFactory = {
  open(): Promise<StorageUnderTest>;
  /** A storage with room for less than 4 MB, or the reason why there is none here. */
  openSmall(): Promise<StorageUnderTest | string>;
};

const HOSTILE_KEYS = [
  "", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "./a", "a//b", "a/", "a\u0000b", "a\nb", "a\\..\\b", ".tmp-x", "a/.tmp-x",
  "\ud800", "x".repeat(256), Array.from({ length: 600 }, () => "ab").join("/"),
];

/** What every backend must hold; a backend's test is its factory and a call of this. */
export function storageContract(name: string, factory: StorageFactory): void {
  describe(`storage contract: ${name}`, () => {
    let under: StorageUnderTest;
    beforeEach(async () => { under = await factory.open(); });
    afterEach(async () => { await under.close(); });
    describe("objects", () => objects(() => under));
    describe("failing puts", () => failingPuts(() => under));
    describe("names", () => names(() => under));
    it("says storage_full when the disk is full, and leaves nothing", async (context) => {
      const small = await factory.openSmall();
      if (typeof small === "string") { console.warn(`skipped: ${small}`); context.skip(small); return; }
      await using _closing = { [Symbol.asyncDispose]: () => small.close() };
      await expect(small.storage.put("a/big", chunks(8 * 1024 * 1024))).rejects.toMatchObject({ code: "storage_full" });
      expect(await small.names()).toEqual([]);
      await small.storage.put("a/little", text("fits"));
      expect(await read(small.storage, "a/little")).toBe("fits");
    });
  });
}

function objects(under: () => StorageUnderTest): void {
  it("gives back what was put, with its size and time", async () => {
    const { storage } = under();
    const data = randomBytes(3_000_001);
    const before_ms = Date.now();
    expect(await storage.put("postgresql/a.bin", Readable.from(split(data)))).toEqual({ size_bytes: data.length });
    expect(sha(await bytes(await storage.get("postgresql/a.bin")))).toBe(sha(data));
    const stat = await storage.stat("postgresql/a.bin");
    expect(stat?.size_bytes).toBe(data.length);
    expect(Math.abs((stat?.modified_at.getTime() ?? 0) - before_ms)).toBeLessThan(60_000);
  });

  it("takes any async iterable, and an empty one makes an empty object", async () => {
    const { storage } = under();
    async function* none(): AsyncGenerator<Uint8Array> {}
    expect(await storage.put("empty", none())).toEqual({ size_bytes: 0 });
    expect(await read(storage, "empty")).toBe("");
    expect(await storage.put("some", chunks(70_000))).toEqual({ size_bytes: 70_000 });
  });

  it("reads ranges, also past the end", async () => {
    const { storage } = under();
    await storage.put("r", text("0123456789"));
    const range = async (offset?: number, length?: number): Promise<string> =>
      String(await bytes(await storage.get("r", { offset, length })));
    expect(await range(2, 3)).toBe("234");
    expect(await range(7)).toBe("789");
    expect(await range(undefined, 4)).toBe("0123");
    expect(await range(8, 100)).toBe("89");
    expect(await range(10)).toBe("");
    expect(await range(50, 5)).toBe("");
    expect(await range(3, 0)).toBe("");
  });

  it("knows what is missing: get rejects, stat says undefined, delete succeeds", async () => {
    const { storage } = under();
    await expect(storage.get("no/such")).rejects.toMatchObject({ code: "artifact_missing" });
    expect(await storage.stat("no/such")).toBeUndefined();
    await storage.delete("no/such");
    await storage.put("folder/file", text("x"));
    await expect(storage.get("folder")).rejects.toMatchObject({ code: "artifact_missing" });
    expect(await storage.stat("folder")).toBeUndefined();
    await storage.delete("folder");
    expect(await read(storage, "folder/file")).toBe("x");
  });

  it("deletes once and for all, and the key is free again", async () => {
    const { storage } = under();
    await storage.put("d", text("1"));
    await storage.delete("d");
    await storage.delete("d");
    expect(await storage.stat("d")).toBeUndefined();
    await storage.put("d", text("2"));
    expect(await read(storage, "d")).toBe("2");
  });

  it("tells its room, if it can", async () => {
    const space = await under().storage.space();
    if (space === undefined) return;
    expect(space.free_bytes).toBeGreaterThan(0);
    expect(space.total_bytes).toBeGreaterThanOrEqual(space.free_bytes);
  });

  it("ends a read when it is aborted", async () => {
    const { storage } = under();
    await storage.put("long", chunks(8 * 1024 * 1024));
    const controller = new AbortController();
    const stream = await storage.get("long", { signal: controller.signal });
    controller.abort();
    await expect(bytes(stream)).rejects.toMatchObject({ code: "canceled" });
    await expect(storage.get("long", { signal: controller.signal })).rejects.toMatchObject({ code: "canceled" });
  });
}

function failingPuts(under: () => StorageUnderTest): void {
  it("writes a key once: a second put fails and the first object stays", async () => {
    const { storage, names: all } = under();
    await storage.put("once", text("first"));
    await expect(storage.put("once", text("second"))).rejects.toMatchObject({ code: "exists" });
    expect(await read(storage, "once")).toBe("first");
    expect(await all()).toEqual(["once"]);
  });

  it("lets exactly one of many concurrent puts win, whole", async () => {
    const { storage, names: all } = under();
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => storage.put("race", repeated(`${n % 10}`, 300_000))));
    const lost = results.filter((result) => result.status === "rejected");
    expect(lost.map((result) => (result.reason as { code: string }).code)).toEqual(Array.from({ length: 11 }, () => "exists"));
    const stored = await read(storage, "race");
    expect(stored).toBe(stored.slice(0, 1).repeat(300_000));
    expect(await all()).toEqual(["race"]);
  });

  it("leaves nothing when the source fails, and passes its error on", async () => {
    const { storage, names: all } = under();
    const boom = new Error("the source broke");
    async function* broken(): AsyncGenerator<Uint8Array> { yield randomBytes(200_000); throw boom; }
    await expect(storage.put("f/broken", broken())).rejects.toBe(boom);
    expect(await all()).toEqual([]);
  });

  it("leaves nothing when it is aborted midway, even if the source hangs", async () => {
    const { storage, names: all } = under();
    const controller = new AbortController();
    const source = new Readable({ read() {} });
    const put = storage.put("f/hanging", source, { signal: controller.signal });
    // As much as it takes until something lies there: a backend may hold a few megabytes before it sends any.
    do {
      source.push(randomBytes(1_000_000));
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    } while ((await all()).length === 0);
    controller.abort();
    await expect(put).rejects.toMatchObject({ code: "canceled" });
    expect(source.destroyed).toBe(true);
    expect(await all()).toEqual([]);
    await expect(storage.put("f/late", text("x"), { signal: controller.signal })).rejects.toMatchObject({ code: "canceled" });
    expect(await all()).toEqual([]);
  });

  it("can be aborted at any moment", async () => {
    const { storage, names: all } = under();
    for (let turns = 0; turns < 16; turns++) {
      const controller = new AbortController();
      const put = storage.put("f/early", new Readable({ read() {} }), { signal: controller.signal });
      const refused = expect(put).rejects.toMatchObject({ code: "canceled" });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => { setImmediate(resolve); });
      controller.abort();
      await refused;
    }
    expect(await all()).toEqual([]);
  });

  it("sweeps old temporaries, and neither young ones nor objects", async () => {
    const { storage, leaveTemp, names: all } = under();
    await storage.put("s/object", text("x"));
    await leaveTemp("s/died");
    expect(await storage.sweepTemps(60_000)).toEqual([]);
    expect(await all()).toHaveLength(2);
    expect(await keys(storage, "")).toEqual(["s/object"]);
    expect(await storage.sweepTemps(0)).toHaveLength(1);
    expect(await all()).toEqual(["s/object"]);
  });
}

function names(under: () => StorageUnderTest): void {
  it("lists by any prefix, in the byte order of the keys", async () => {
    const { storage } = under();
    const put = ["b", "a/1", "a-1", "a/2/x", "a.b", "ab", "a/ü", "a/\u{1f600}", "a/\uffee"];
    for (const key of put) await storage.put(key, text(key));
    const sorted = [...put].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await keys(storage, "")).toEqual(sorted);
    expect(await keys(storage, "a/")).toEqual(sorted.filter((key) => key.startsWith("a/")));
    expect(await keys(storage, "a")).toEqual(sorted.filter((key) => key.startsWith("a")));
    expect(await keys(storage, "a/2")).toEqual(["a/2/x"]);
    expect(await keys(storage, "none/")).toEqual([]);
    for await (const entry of storage.list("b")) expect(entry.size_bytes).toBe(1);
  });

  it("keeps unicode and strange but honest keys apart", async () => {
    const { storage } = under();
    const honest = ["日本/データ", "é", "e\u0301", "a b", "a;b", "a'b\"c", "$(x)", "-rf", "%2e%2e", "...", "\u{1f4be}/x", "*", "x".repeat(255)];
    for (const key of honest) await storage.put(key, text(key));
    for (const key of honest) expect(await read(storage, key)).toBe(key);
    expect(new Set(await keys(storage, ""))).toEqual(new Set(honest));
  });

  it.each(HOSTILE_KEYS.map((key) => [JSON.stringify(key.slice(0, 20)), key]))("refuses the hostile key %s everywhere", async (_, key) => {
    const { storage, names: all } = under();
    const refused = { code: "bad_request" };
    await expect(storage.put(key, text("x"))).rejects.toMatchObject(refused);
    await expect(storage.get(key)).rejects.toMatchObject(refused);
    await expect(storage.stat(key)).rejects.toMatchObject(refused);
    await expect(storage.delete(key)).rejects.toMatchObject(refused);
    expect(await all()).toEqual([]);
  });
}

async function* text(value: string): AsyncGenerator<Uint8Array> { yield Buffer.from(value); }
async function* repeated(letter: string, count: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < count; done += 10_000) yield Buffer.from(letter.repeat(10_000));
}
async function* chunks(size_bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = size_bytes; left > 0; left -= 65_536) yield randomBytes(Math.min(left, 65_536));
}
function* split(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += 77_777) yield data.subarray(at, at + 77_777);
}
async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Buffer> { return Buffer.concat(await Array.fromAsync(stream)); }
async function read(storage: Storage, key: string): Promise<string> { return String(await bytes(await storage.get(key))); }
async function keys(storage: Storage, prefix: string): Promise<string[]> {
  return (await Array.fromAsync(storage.list(prefix))).map((entry) => entry.key);
}
function sha(data: Uint8Array): string { return createHash("sha256").update(data).digest("hex"); }
