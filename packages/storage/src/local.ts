import { SafebaseError } from "@safebase/contracts";
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, stat, statfs, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import { throwIfAborted } from "./abort.ts";
import { alreadyThere, destroyOnAbort, discard, missing } from "./common.ts";
import { assertKey, TEMP_PREFIX } from "./keys.ts";
import { FileReader, isMissing, storageError, syncFolder, writeAll } from "./local-file.ts";
import { listObjects, removeTemps } from "./local-list.ts";
import type { Cancelable, ObjectEntry, ObjectStat, Range, Storage } from "./storage.ts";

export const localConfigSchema = z.strictObject({
  type: z.literal("local"),
  id: z.string().min(1),
  root: z.string().refine(isAbsolute, "must be an absolute path"),
  /** So much of the disk is left to others: a put that would take it fails as on a full one. */
  reserve_mib: z.int().min(0).max(1024 * 1024 * 1024).default(0),
});
export type LocalConfig = z.infer<typeof localConfigSchema>;
export const LOCAL_SECRETS = [] as const;

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Opens a folder of this machine as a storage; the folder is made, for its owner only, when it is not there. */
export async function openLocal(config: LocalConfig): Promise<Storage> {
  const storage = new LocalStorage(config.id, resolve(config.root), config.reserve_mib * 1024 * 1024);
  await makeFolder(storage.root);
  return storage;
}

/** Objects as files below a root; the file system's hard links make `put` exclusive and atomic. */
class LocalStorage implements Storage {
  readonly id: string;
  readonly root: string;
  readonly #reserve_bytes: number;

  constructor(id: string, root: string, reserve_bytes: number) {
    this.id = id;
    this.root = root;
    this.#reserve_bytes = reserve_bytes;
  }

  async put(key: string, source: Readable | AsyncIterable<Uint8Array>, options: Cancelable = {}): Promise<{ size_bytes: number }> {
    const stream = source instanceof Readable ? source : Readable.from(source);
    try {
      const path = this.#path(key);
      throwIfAborted(options.signal);
      if (await fileStat(path)) throw alreadyThere(key);
      await this.#requireRoom();
      await makeFolder(dirname(path));
      return { size_bytes: await this.#publish(key, path, stream, options.signal) };
    } catch (error) {
      discard(stream);
      throw error;
    }
  }

  async get(key: string, options: Range & Cancelable = {}): Promise<Readable> {
    const path = this.#path(key);
    throwIfAborted(options.signal);
    if (!await fileStat(path)) throw missing(key);
    try {
      return new FileReader(await open(path, constants.O_RDONLY | constants.O_NOFOLLOW), options);
    } catch (error) {
      throw isMissing(error) ? missing(key, error) : storageError(`cannot read ${key}`, error);
    }
  }

  async stat(key: string): Promise<ObjectStat | undefined> {
    return fileStat(this.#path(key));
  }

  list(prefix: string): AsyncIterable<ObjectEntry> {
    return listObjects(this.root, prefix);
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    if (!await fileStat(path)) return;
    await removeIfThere(path);
    try {
      await syncFolder(dirname(path));
    } catch (error) {
      throw storageError(`cannot delete ${key}`, error);
    }
  }

  async space(): Promise<{ free_bytes: number; total_bytes: number }> {
    try {
      const { bavail, blocks, bsize } = await statfs(this.root);
      return { free_bytes: bavail * bsize, total_bytes: blocks * bsize };
    } catch (error) {
      throw storageError(`cannot read the free space of ${this.root}`, error);
    }
  }

  async sweepTemps(older_than_ms: number): Promise<string[]> {
    return removeTemps(this.root, older_than_ms);
  }

  #path(key: string): string {
    assertKey(key);
    return join(this.root, key);
  }

  /** Throws `storage_full` when less than the reserve is left. */
  async #requireRoom(): Promise<void> {
    if (this.#reserve_bytes === 0) return; // the disk says so itself
    const { free_bytes } = await this.space();
    if (free_bytes >= this.#reserve_bytes) return;
    throw new SafebaseError("storage_full", `the disk of ${this.root} has only ${Math.floor(free_bytes / 1024 / 1024)} MiB left`, {
      hint: "free some space, delete old backups, or lower `reserve_mib`",
    });
  }

  /** Temp file → fsync → link under the final name → fsync of the folder; the temp goes in every case. */
  async #publish(key: string, path: string, stream: Readable, signal: AbortSignal | undefined): Promise<number> {
    const temp = join(dirname(path), `${TEMP_PREFIX}${randomUUID()}`);
    let linked = false;
    try {
      const size_bytes = await fill(await open(temp, "wx", FILE_MODE), stream, signal, () => this.#requireRoom());
      throwIfAborted(signal);
      await link(temp, path);
      linked = true;
      await unlink(temp);
      await syncFolder(dirname(path));
      return size_bytes;
    } catch (error) {
      if (linked) await removeIfThere(path);
      await removeIfThere(temp);
      const { syscall, code } = error as NodeJS.ErrnoException;
      throw syscall === "link" && code === "EEXIST" ? alreadyThere(key, error) : storageError(`cannot write ${key}`, error);
    }
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw storageError(`cannot remove ${basename(path)}`, error);
  }
}

/** Writes the whole stream, makes it durable and closes the file; rejects as soon as the signal is aborted. */
async function fill(handle: FileHandle, stream: Readable, signal: AbortSignal | undefined, requireRoom: () => Promise<void>): Promise<number> {
  const forget = destroyOnAbort(stream, signal);
  try {
    const size_bytes = await writeAll(handle, stream, requireRoom);
    await handle.sync();
    return size_bytes;
  } finally {
    forget();
    await handle.close();
  }
}

/** Makes a folder and whatever is missing above it, each durable in its own parent. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await makeEach(folder);
  } catch (error) {
    throw storageError(`cannot make the folder ${folder}`, error);
  }
}

/** Not by mkdir's own recursion, which hides why a folder cannot be made, and never ends in /proc. */
async function makeEach(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (!await isFolder(dirname(folder))) await makeEach(dirname(folder));
  try {
    await mkdir(folder, FOLDER_MODE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && await isFolder(folder)) return; // made by another at the same time
    throw error;
  }
  await syncFolder(dirname(folder));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function fileStat(path: string): Promise<ObjectStat | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? { size_bytes: found.size, modified_at: found.mtime } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(`cannot look at ${path}`, error);
  }
}
