import { SafebaseError } from "@safebase/contracts";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { storageContract } from "../contract-suite.ts";
import type { Storage } from "../index.ts";
import { MEMORY_BYTES } from "./buffer.ts";
import { chunks, failing, fan, held, MIB, mountSmall, NAMES, namesIn, openSpools, openTop, recorded, shaOf, SOME, spoolOf, underTest } from "./testing.ts";

storageContract("two locals at once", {
  async open() {
    const { top, locals, ...disposable } = await openTop();
    return underTest(top, locals, () => disposable[Symbol.asyncDispose]());
  },
  async openSmall() {
    const { top, locals, ...disposable } = await openTop();
    const unmount = await mountSmall(NAMES.map((name) => join(top, name)));
    if (typeof unmount === "string") {
      await disposable[Symbol.asyncDispose]();
      return unmount;
    }
    return underTest(top, locals, async () => { await unmount(); await disposable[Symbol.asyncDispose](); });
  },
});

describe("a storage that fails", () => {
  it.each([["at the start", 0], ["in the middle", 5 * MIB], ["at the end", Infinity]])("%s is given up, and the others go on", async (_, after_bytes) => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const broken = failing(first, after_bytes);
    const told: string[] = [];
    const both = fan(opened.top, [broken, second], { onDrop: ({ id }, { message }) => { told.push(`${id}: ${message}`); } });
    expect(await both.put("a/data", chunks(9 * MIB))).toEqual({ size_bytes: 9 * MIB });
    await both.put("a/manifest", chunks(100));
    expect(told).toEqual(["first: cannot write: first is gone"]);
    expect([...both.dropped.keys()]).toEqual(["first"]);
    expect(both.living).toEqual([second]);
    expect(await both.stat("a/data")).toMatchObject({ size_bytes: 9 * MIB });
    await both.delete("a/data");
    expect(broken.calls).toEqual(["put a/data"]); // and none after it was given up
    expect(await namesIn(join(opened.top, "first"))).toEqual([]);
    expect(await namesIn(join(opened.top, "second"))).toEqual(["a/manifest"]);
  });

  it("that already holds the key is given up as well", async () => {
    await using opened = await openTop();
    const both = fan(opened.top, opened.locals);
    await opened.locals[0]?.put("k", Readable.from([Buffer.from("another's")]));
    await both.put("k", Readable.from([Buffer.from("ours")]));
    expect(both.dropped.get("first")).toMatchObject({ code: "exists" });
    expect(String(Buffer.concat(await Array.fromAsync(await both.get("k"))))).toBe("ours");
    expect(await openSpools(opened.top)).toEqual([]);
  });

  it("is the caller's failure when none is left, told with all the reasons", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const source = Readable.from(chunks(20 * MIB)), later = held(failing(second, 6 * MIB));
    const both = fan(opened.top, [failing(first, 3 * MIB, new SafebaseError("storage_full", "no room in first", { hint: "make room" })), later]);
    const put = both.put("k", source);
    await expect.poll(() => both.dropped.size).toBe(1);
    later.let(Infinity);
    await expect(put).rejects.toMatchObject({ code: "storage_full", message: "no storage took it: no room in first; cannot write: second is gone", hint: "make room" });
    expect(source.destroyed).toBe(true);
    for (const name of NAMES) expect(await namesIn(join(opened.top, name))).toEqual([]);
  });

  it("ends its part in the other puts as well", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const broken = failing(first, 1 * MIB), never = new Readable({ read() {} });
    const both = fan(opened.top, [broken, second]);
    const longer = both.put("longer", never);
    await both.put("k", chunks(2 * MIB));
    never.push(SOME);
    never.push(null);
    expect(await longer).toEqual({ size_bytes: SOME.length });
    expect(await namesIn(join(opened.top, "first"))).toEqual([]);
    expect(await namesIn(join(opened.top, "second"))).toEqual(["k", "longer"]);
  });
});

describe("a storage that is slow", () => {
  it("reads from the disk what it could not take at once, and stops nobody; the source goes at the pace of the fastest", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const slow = held(first);
    const both = fan(opened.top, [slow, second]);
    const most_bytes = { behind: 0 };
    const put = both.put("k", chunks(40 * MIB, async (done_bytes) => {
      most_bytes.behind = Math.max(most_bytes.behind, done_bytes - slow.taken_bytes());
      if (done_bytes < 39 * MIB) return;
      expect(await openSpools(opened.top)).not.toEqual([]);
      slow.let(Infinity);
    }));
    expect(await put).toEqual({ size_bytes: 40 * MIB });
    expect(most_bytes.behind).toBeGreaterThan(35 * MIB);
    expect(both.dropped.size).toBe(0);
    expect(await shaOf(first, "k")).toBe(await shaOf(second, "k"));
    expect(await openSpools(opened.top)).toEqual([]);
    expect(await readdir(spoolOf(opened.top))).toEqual([]);
  });

  it("goes round and round in its spool without mixing up a byte", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const slow = held(first);
    const both = fan(opened.top, [slow, second], { spool_bytes: 3 * MIB + 12_345 });
    const data = randomBytes(40 * MIB);
    async function* uneven(): AsyncGenerator<Uint8Array> {
      for (let at = 0, n = 1; at < data.length; n = (n * 7919) % 150_001) {
        yield data.subarray(at, at + n + 1);
        at += n + 1;
        slow.let(Math.max(0, at - 4 * MIB - slow.taken_bytes()) / 2);
      }
      slow.let(Infinity);
    }
    await both.put("k", uneven());
    expect(both.dropped.size).toBe(0);
    for (const storage of [first, second]) expect(await shaOf(storage, "k")).toBe(createHash("sha256").update(data).digest("hex"));
  });

  it("is given up after its patience once its spool is full, and says how far behind it was", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const hung = held(first);
    const both = fan(opened.top, [hung, second], { spool_bytes: 4 * MIB, patience_ms: 30 });
    expect(await both.put("k", chunks(30 * MIB))).toEqual({ size_bytes: 30 * MIB });
    expect(both.dropped.get("first")).toMatchObject({ code: "storage_failed", message: expect.stringMatching(/^cannot write k: first was too slow: it is [678] MiB behind the others; it gets its copy later$/) });
    await expect.poll(() => namesIn(join(opened.top, "first"))).toEqual([]);
    expect(await openSpools(opened.top)).toEqual([]);
  });

  it("is given up when it hangs at the very end", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const both = fan(opened.top, [held(first), second], { patience_ms: 5 });
    await both.put("k", chunks(1 * MIB));
    expect(both.dropped.get("first")).toMatchObject({ message: expect.stringMatching(/too slow/) });
    expect(await second.stat("k")).toMatchObject({ size_bytes: 1 * MIB });
  });

  it("holds up the source when it is the last, for as long as it wants", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const slow = held(second);
    let given_bytes = 0;
    const both = fan(opened.top, [failing(first, 8 * MIB), slow], { patience_ms: 1 });
    const put = both.put("k", chunks(30 * MIB, (done_bytes) => { given_bytes = done_bytes; }));
    await expect.poll(() => both.dropped.size).toBe(1);
    const let_bytes = 3 * MIB, before_bytes = given_bytes;
    slow.let(let_bytes);
    await expect.poll(() => slow.taken_bytes()).toBeGreaterThanOrEqual(let_bytes);
    await expect.poll(() => given_bytes).toBeGreaterThan(before_bytes + 2 * MIB); // at its pace, without waiting until it has caught up
    expect(given_bytes).toBeLessThan(before_bytes + let_bytes + 2 * MEMORY_BYTES);
    slow.let(Infinity);
    expect(await put).toEqual({ size_bytes: 30 * MIB });
  });

  it("gets no farther than the memory when the disk for temporaries is full, and is given up then", async (context) => {
    await using opened = await openTop();
    await mkdir(spoolOf(opened.top));
    const unmount = await mountSmall([spoolOf(opened.top)]);
    if (typeof unmount === "string") { console.warn(`skipped: ${unmount}`); context.skip(unmount); return; }
    await using _unmount = { [Symbol.asyncDispose]: unmount };
    const [first, second] = opened.locals as [Storage, Storage];
    const slow = held(first);
    const both = fan(opened.top, [slow, second], { patience_ms: 40 });
    await both.put("k", chunks(20 * MIB));
    expect(both.dropped.get("first")).toMatchObject({ message: expect.stringMatching(/was too slow: it is \d MiB behind the others, and the folder for temporaries takes no more: no space is left/) });
    const caught_up = fan(opened.top, opened.locals);
    await caught_up.put("l", chunks(20 * MIB));
    expect(caught_up.dropped.size).toBe(0);
  });
});

describe("what ends the whole put", () => {
  it("leaves nothing anywhere when it is aborted midway, also of what waits on disk", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const slow = held(first), controller = new AbortController();
    const both = fan(opened.top, [slow, second]);
    const put = both.put("k", chunks(60 * MIB, (done_bytes) => { if (done_bytes === 30 * MIB) controller.abort(); }), { signal: controller.signal });
    await expect(put).rejects.toMatchObject({ code: "canceled" });
    for (const name of NAMES) expect(await namesIn(join(opened.top, name))).toEqual([]);
    await expect.poll(() => openSpools(opened.top)).toEqual([]);
    expect(both.dropped.size).toBe(0);
  });

  it("removes what one had already stored when it is aborted before the others have", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const controller = new AbortController();
    const slow = held(first), both = fan(opened.top, [slow, second]);
    const put = both.put("k", chunks(1 * MIB), { signal: controller.signal });
    await expect.poll(() => second.stat("k")).toBeDefined();
    const from_ms = performance.now();
    expect(both.still_ms).toBeGreaterThan(0);
    slow.let(MIB / 2);
    await expect.poll(() => both.still_ms < performance.now() - from_ms).toBe(true); // it has read on since
    controller.abort(new SafebaseError("lease_lost", "another has it"));
    await expect(put).rejects.toMatchObject({ code: "lease_lost" });
    for (const name of NAMES) expect(await namesIn(join(opened.top, name))).toEqual([]);
  });

  it("a failing source fails it for all, and nobody is given up for that", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const boom = new Error("the dump broke");
    async function* broken(): AsyncGenerator<Uint8Array> { yield* chunks(20 * MIB); throw boom; }
    const both = fan(opened.top, [held(first), second]);
    await expect(both.put("k", broken())).rejects.toBe(boom);
    expect(both.dropped.size).toBe(0);
    for (const name of NAMES) expect(await namesIn(join(opened.top, name))).toEqual([]);
    await expect.poll(() => openSpools(opened.top)).toEqual([]);
  });
});

describe("reading and removing", () => {
  it("reads from the next storage when one does not answer, and deletes from all that do", async () => {
    await using opened = await openTop();
    const [first, second] = opened.locals as [Storage, Storage];
    const refuse = async (): Promise<never> => { throw new SafebaseError("storage_failed", "it does not answer"); };
    const deaf: Storage = { ...recorded(first, [], (...args) => first.put(...args)), get: refuse, stat: refuse, delete: refuse, async *list() { yield await refuse(); } };
    const both = fan(opened.top, [deaf, second]);
    await both.put("k", chunks(100));
    expect(await both.stat("k")).toBeDefined();
    expect(await Array.fromAsync(await both.get("k"))).toHaveLength(1);
    expect((await Array.fromAsync(both.list(""))).map(({ key }) => key)).toEqual(["k"]);
    await expect(both.delete("k")).rejects.toMatchObject({ message: "it does not answer" });
    expect(await second.stat("k")).toBeUndefined();
    expect(both.dropped.size).toBe(0);
  });

  it("hands the source of a single storage through as it is", async () => {
    await using opened = await openTop();
    const source = Readable.from([SOME]);
    let given: unknown;
    const only = recorded(opened.locals[0] as Storage, [], (key, got, options) => { given = got; return (opened.locals[0] as Storage).put(key, got, options); });
    expect(await fan(opened.top, [only]).put("k", source)).toEqual({ size_bytes: SOME.length });
    expect(given).toBe(source);
  });
});

it("holds no more in memory however much passes and however far one is behind", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await using opened = await openTop();
  const [first, second] = opened.locals as [Storage, Storage];
  const slow = held(first);
  const both = fan(opened.top, [slow, second], { spool_bytes: 256 * MIB });
  const kept_bytes: number[] = [];
  async function* fresh(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 160; n++) {
      if (n % 20 === 19) { collect(); collect(); kept_bytes.push(process.memoryUsage().arrayBuffers); }
      yield Buffer.alloc(MIB, n);
    }
    slow.let(Infinity);
  }
  const before_bytes = process.memoryUsage().arrayBuffers;
  await both.put("k", fresh());
  expect(Math.max(...kept_bytes) - before_bytes).toBeLessThan(2 * (2 * MEMORY_BYTES + 4 * MIB));
  expect(await shaOf(first, "k")).toBe(await shaOf(second, "k"));
}, 30_000);
