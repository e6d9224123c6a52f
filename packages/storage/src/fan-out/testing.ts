import { SafebaseError } from "@safebase/contracts";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import type { StorageUnderTest } from "../contract-suite.ts";
import { fanOut, openStorage, withRetry } from "../index.ts";
import type { Cancelable, FanOut, FanOutOptions, Storage } from "../index.ts";

const run = promisify(execFile);
export const MIB = 1024 * 1024;
export const NAMES = ["first", "second"];

/** Two local storages, as the pool opens them, in a folder of their own, and a folder for what waits. */
export async function openTop(): Promise<{ top: string; locals: Storage[]; [Symbol.asyncDispose]: () => Promise<void> }> {
  const top = await mkdtemp(join(tmpdir(), "safebase-fan-out-"));
  const locals = await Promise.all(NAMES.map(async (id) => withRetry(await openStorage({ type: "local", id, root: join(top, id) }))));
  return { top, locals, [Symbol.asyncDispose]: async () => { await rm(top, { recursive: true }); } };
}

export async function namesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
}

export const spoolOf = (top: string): string => join(top, "spool");

export function fan(top: string, storages: readonly Storage[], options: Partial<FanOutOptions> = {}): FanOut {
  return fanOut(storages, { spool_dir: spoolOf(top), spool_bytes: 64 * MIB, patience_ms: 5_000, ...options });
}

export function underTest(top: string, locals: readonly Storage[], close: () => Promise<void>): StorageUnderTest {
  const roots = NAMES.map((name) => join(top, name));
  return {
    storage: fan(top, locals), close,
    names: async () => [...new Set((await Promise.all(roots.map(namesIn))).flat())].sort(),
    async leaveTemp(key) {
      for (const root of roots) {
        await mkdir(dirname(join(root, key)), { recursive: true });
        await writeFile(join(root, dirname(key), ".tmp-died"), "half");
      }
    },
  };
}

/** Mounts a disk of 2 MB on each folder; answers how to unmount them, or why there are none here. */
export async function mountSmall(folders: readonly string[]): Promise<string | (() => Promise<void>)> {
  try {
    for (const folder of folders) await run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]);
  } catch (error) {
    return `a full disk needs a tmpfs of its own: ${(error as Error).message}`;
  }
  return async () => { for (const folder of folders) await run("umount", [folder]); };
}

/** A storage that reads on only as far as it is let, and ends only when it is let read for ever. */
export function held(storage: Storage): Storage & { calls: string[]; let: (size_bytes: number) => void; taken_bytes: () => number } {
  const gate = { may_bytes: 0, taken_bytes: 0, wake: (): void => {} };
  const calls: string[] = [];
  const pass = async (isOpen: () => boolean, signal: AbortSignal | undefined): Promise<void> => {
    signal?.addEventListener("abort", () => gate.wake(), { once: true });
    const mayPass = (): boolean => isOpen() || signal?.aborted === true;
    while (!mayPass()) await new Promise<void>((resolve) => { gate.wake = resolve; });
  };
  async function* slowly(source: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      await pass(() => gate.taken_bytes < gate.may_bytes, signal);
      gate.taken_bytes += chunk.length;
      yield chunk;
    }
    await pass(() => gate.may_bytes === Infinity, signal);
  }
  return {
    ...recorded(storage, calls, (key, source, options) => storage.put(key, slowly(source as AsyncIterable<Uint8Array>, options.signal), options)),
    calls, let: (size_bytes) => { gate.may_bytes += size_bytes; gate.wake(); }, taken_bytes: () => gate.taken_bytes,
  };
}

/** A storage whose put fails once it has read so much; Infinity is at the end, with nothing stored. */
export function failing(storage: Storage, after_bytes: number, error = new SafebaseError("storage_failed", `cannot write: ${storage.id} is gone`)): Storage & { calls: string[] } {
  const calls: string[] = [];
  async function* until(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let left = after_bytes;
    if (left === 0) throw error;
    for await (const chunk of source) {
      if ((left -= chunk.length) < 0) throw error;
      yield chunk;
    }
    throw error;
  }
  return { ...recorded(storage, calls, (key, source, options) => storage.put(key, until(source as AsyncIterable<Uint8Array>), options)), calls };
}

export function recorded(storage: Storage, calls: string[], put: (key: string, source: Readable | AsyncIterable<Uint8Array>, options: Cancelable) => ReturnType<Storage["put"]>): Storage {
  return {
    id: storage.id,
    put(key, source, options = {}) { calls.push(`put ${key}`); return put(key, source, options); },
    get(key, options) { calls.push(`get ${key}`); return storage.get(key, options); },
    stat(key) { calls.push(`stat ${key}`); return storage.stat(key); },
    list(prefix) { calls.push("list"); return storage.list(prefix); },
    delete(key) { calls.push(`delete ${key}`); return storage.delete(key); },
    space: () => storage.space(),
    sweepTemps: (older_than_ms) => storage.sweepTemps(older_than_ms),
  };
}

export const SOME = randomBytes(64 * 1024);

export async function* chunks(size_bytes: number, seen: (done_bytes: number) => void | Promise<void> = () => {}): AsyncGenerator<Uint8Array> {
  for (let done_bytes = 0; done_bytes < size_bytes; done_bytes += SOME.length) {
    await seen(done_bytes);
    yield SOME;
  }
}

export async function shaOf(storage: Storage, key: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await storage.get(key)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** The files without a name in a folder that this process holds open. */
export async function openSpools(top: string): Promise<string[]> {
  const links = await Promise.all((await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
  return links.filter((link) => link.startsWith(spoolOf(top)));
}
