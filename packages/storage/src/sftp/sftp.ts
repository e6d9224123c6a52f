import { SafebaseError } from "@safebase/contracts";
import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { Readable } from "node:stream";
import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";
import { throwIfAborted } from "../abort.ts";
import { alreadyThere, destroyOnAbort, discard, missing } from "../common.ts";
import { assertKey, isKey, TEMP_PREFIX } from "../keys.ts";
import type { Lookup } from "../reach.ts";
import type { Cancelable, ObjectEntry, ObjectStat, Range, Storage } from "../storage.ts";
import { walk } from "../tree.ts";
import type { TreeEntry } from "../tree.ts";
import { call, callExtension, makeFolder } from "./calls.ts";
import type { SftpConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { readOnly, sftpError, STATUS, statusOf } from "./errors.ts";
import { readRange, writeAll } from "./transfer.ts";

const FILE_MODE = 0o600;
const FULL_BELOW_BYTES = 1024 * 1024;
/** ST_RDONLY, the same wherever statvfs is. */
const READ_ONLY_FLAG = 1;
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Opens a folder of an SFTP server as a storage. Nothing is asked of the server before the first operation. */
export function openSftp(config: SftpConfig, lookup?: Lookup): Storage {
  return new SftpStorage(config, lookup);
}

/**
 * Objects as files below a root. A file is written under a temporary name and gets its own by a hard link, which fails
 * when the name is taken; where the server knows no links, by a look and a rename.
 */
class SftpStorage implements Storage {
  readonly id: string;
  readonly #config: SftpConfig;
  readonly #connection: Connection;

  constructor(config: SftpConfig, lookup: Lookup | undefined) {
    this.id = config.id;
    this.#config = config;
    this.#connection = new Connection(config, lookup);
  }

  async put(key: string, source: Readable | AsyncIterable<Uint8Array>, { signal }: Cancelable = {}): Promise<{ size_bytes: number }> {
    const stream = source instanceof Readable ? source : Readable.from(source);
    try {
      const path = this.#path(key);
      throwIfAborted(signal);
      return { size_bytes: await this.#with(`cannot write ${key}`, (sftp) => this.#publish(sftp, key, path, stream, signal)) };
    } catch (error) {
      discard(stream);
      throw error;
    }
  }

  async get(key: string, { offset = 0, length = NO_LIMIT, signal }: Range & Cancelable = {}): Promise<Readable> {
    const path = this.#path(key), what = `cannot read ${key}`;
    throwIfAborted(signal);
    const { sftp, release } = await this.#connection.lease(what);
    try {
      const found = await lookAt(sftp, path);
      if (!found) throw missing(key);
      const handle = await call<Buffer>(sftp, (done) => sftp.open(path, "r", done));
      let closed = false;
      const close = async (): Promise<void> => {
        if (closed) return;
        closed = true;
        await call(sftp, (done) => sftp.close(handle, done)).catch(() => {}); // what was read was read
        release();
      };
      const stream = readRange(sftp, handle, offset, Math.min(found.size_bytes, offset + Math.max(0, length)), signal, close);
      return this.#explained(stream, what, signal);
    } catch (error) {
      release();
      if (statusOf(error) === STATUS.no_such_file) throw missing(key, error);
      throw sftpError(this.#config, what, error);
    }
  }

  async stat(key: string): Promise<ObjectStat | undefined> {
    const path = this.#path(key);
    return this.#with(`cannot look at ${key}`, (sftp) => lookAt(sftp, path));
  }

  async *list(prefix: string): AsyncIterable<ObjectEntry> {
    for await (const { name: key, value } of walk(this.#readFolder, "", prefix)) {
      if (key.startsWith(prefix) && isKey(key)) yield { key, ...value };
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    await this.#with(`cannot delete ${key}`, async (sftp) => { if (await lookAt(sftp, path)) await removeIfThere(sftp, path); });
  }

  async space(): Promise<{ free_bytes: number; total_bytes: number } | undefined> {
    return this.#with("cannot read the free space", async (sftp) => {
      await makeFolder(sftp, this.#config.root);
      return spaceOf(sftp, this.#config.root);
    });
  }

  async sweepTemps(older_than_ms: number): Promise<string[]> {
    const removed: string[] = [];
    for await (const { name, value } of walk(this.#readFolder, "", "")) {
      if (!posix.basename(name).startsWith(TEMP_PREFIX) || Date.now() - value.modified_at.getTime() < older_than_ms) continue;
      await this.#with(`cannot remove the temporary ${name}`, (sftp) => removeIfThere(sftp, posix.join(this.#config.root, name)));
      removed.push(name);
    }
    return removed;
  }

  #path(key: string): string {
    assertKey(key);
    return posix.join(this.#config.root, key);
  }

  async #with<T>(what: string, work: (sftp: SFTPWrapper) => Promise<T>): Promise<T> {
    const { sftp, release } = await this.#connection.lease(what);
    try {
      return await work(sftp);
    } catch (error) {
      throw isOurs(error) ? sftpError(this.#config, what, error) : error;
    } finally {
      release();
    }
  }

  /** Temp file → fsync → hard link or rename; the temp goes in every case. */
  async #publish(sftp: SFTPWrapper, key: string, path: string, stream: Readable, signal: AbortSignal | undefined): Promise<number> {
    if (await lookAt(sftp, path)) throw alreadyThere(key);
    const folder = posix.dirname(path), temp = posix.join(folder, `${TEMP_PREFIX}${randomUUID()}`);
    try {
      await makeFolder(sftp, folder);
      const size_bytes = await fill(sftp, temp, stream, signal);
      throwIfAborted(signal);
      if (!await linked(sftp, temp, path, key)) await renamed(sftp, temp, path, key);
      return size_bytes;
    } catch (error) {
      const reason = await this.#reasonOf(sftp, `cannot write ${key}`, error);
      await this.#removeTemp(temp);
      throw reason;
    }
  }

  /** A disk that has no room, or must not be written, answers only «failure». */
  async #reasonOf(sftp: SFTPWrapper, what: string, error: unknown): Promise<unknown> {
    if (statusOf(error) !== STATUS.failure) return error;
    const found = await statvfs(sftp, this.#config.root).catch(() => undefined); // then we do not know
    if (found && found.f_flag & READ_ONLY_FLAG) return readOnly(what, error);
    if (!found || found.f_bavail * found.f_frsize >= FULL_BELOW_BYTES) return error;
    return sftpError(this.#config, what, Object.assign(new Error("full", { cause: error }), { code: STATUS.no_space }));
  }

  /** Over a new connection when the old one is gone. When that fails too, the sweep finds it. */
  async #removeTemp(temp: string): Promise<void> {
    await this.#with("cannot remove a temporary", (sftp) => removeIfThere(sftp, temp)).catch(() => {});
  }

  /** Errors in the midst of a read, in our words. */
  #explained(stream: Readable, what: string, signal: AbortSignal | undefined): Readable {
    const explain = (error: Error): Error => sftpError(this.#config, what, error);
    const forget = destroyOnAbort(stream, signal);
    stream.once("close", forget);
    const destroy = stream._destroy.bind(stream);
    stream._destroy = (error, done) => destroy(error, (failure) => done(failure ? explain(failure) : null));
    return stream;
  }

  readonly #readFolder = async (folder: string): Promise<TreeEntry<ObjectStat>[]> => {
    const path = posix.join(this.#config.root, folder);
    return this.#with("cannot list the storage", async (sftp) => {
      try {
        const entries = await call<FileEntryWithStats[]>(sftp, (done) => sftp.readdir(path, done));
        return entries.filter(({ attrs }) => attrs.isFile() || attrs.isDirectory())
          .map(({ filename, attrs }) => ({ name: filename, folder: attrs.isDirectory(), value: objectStat(attrs) }));
      } catch (error) {
        if (statusOf(error) === STATUS.no_such_file) return [];
        throw error;
      }
    });
  };
}

/** Whether an error is the library's; a failing source's own error stays as it is. */
function isOurs(error: unknown): boolean {
  const { code, level, message } = error as { code?: unknown; level?: unknown; message?: string };
  return error instanceof SafebaseError || typeof code === "number" || level !== undefined || /No response from server|Not connected|channel|the connection was cut|Keepalive timeout/i.test(message ?? "");
}

async function lookAt(sftp: SFTPWrapper, path: string): Promise<ObjectStat | undefined> {
  try {
    const found = await call<Stats>(sftp, (done) => sftp.lstat(path, done));
    return found.isFile() ? objectStat(found) : undefined;
  } catch (error) {
    if (statusOf(error) === STATUS.no_such_file) return undefined;
    throw error;
  }
}

function objectStat({ size, mtime }: { size: number; mtime: number }): ObjectStat {
  return { size_bytes: size, modified_at: new Date(mtime * 1000) };
}

async function fill(sftp: SFTPWrapper, temp: string, stream: Readable, signal: AbortSignal | undefined): Promise<number> {
  const forget = destroyOnAbort(stream, signal);
  const handle = await call<Buffer>(sftp, (done) => sftp.open(temp, "wx", { mode: FILE_MODE }, done));
  try {
    const size_bytes = await writeAll(sftp, handle, stream, signal);
    await callExtension<undefined>(sftp, (done) => sftp.ext_openssh_fsync(handle, (error) => done(error, undefined)));
    await call(sftp, (done) => sftp.close(handle, done));
    const stored = await lookAt(sftp, temp);
    if (stored?.size_bytes !== size_bytes) throw new SafebaseError("storage_failed", `the storage holds ${stored?.size_bytes ?? 0} of ${size_bytes} bytes`);
    return size_bytes;
  } catch (error) {
    await call(sftp, (done) => sftp.close(handle, done)).catch(() => {}); // the first failure is the one to report
    throw error;
  } finally {
    forget();
  }
}

/** Whether the file has its name now; false where the server or its file system knows no hard links. */
async function linked(sftp: SFTPWrapper, temp: string, path: string, key: string): Promise<boolean> {
  try {
    const known = await callExtension<undefined>(sftp, (done) => sftp.ext_openssh_hardlink(temp, path, (error) => done(error, undefined)));
    if (!known) return false;
  } catch (error) {
    if (await lookAt(sftp, path)) throw alreadyThere(key, error);
    if (statusOf(error) === undefined) throw error;
    return false;
  }
  await removeIfThere(sftp, temp);
  return true;
}

async function renamed(sftp: SFTPWrapper, temp: string, path: string, key: string): Promise<void> {
  if (await lookAt(sftp, path)) throw alreadyThere(key);
  await call(sftp, (done) => sftp.rename(temp, path, done));
}

async function removeIfThere(sftp: SFTPWrapper, path: string): Promise<void> {
  try {
    await call(sftp, (done) => sftp.unlink(path, done));
  } catch (error) {
    if (statusOf(error) !== STATUS.no_such_file) throw error;
  }
}

type Statvfs = { f_bavail: number; f_blocks: number; f_frsize: number; f_flag: number };

/** What the file system below a path says of itself; undefined where the server does not tell. */
async function statvfs(sftp: SFTPWrapper, path: string): Promise<Statvfs | undefined> {
  return (await callExtension<Statvfs>(sftp, (done) => sftp.ext_openssh_statvfs(path, (error, value) => done(error, value as Statvfs))))?.value;
}

async function spaceOf(sftp: SFTPWrapper, path: string): Promise<{ free_bytes: number; total_bytes: number } | undefined> {
  const found = await statvfs(sftp, path);
  return found && { free_bytes: found.f_bavail * found.f_frsize, total_bytes: found.f_blocks * found.f_frsize };
}
