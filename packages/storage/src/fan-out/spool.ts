import { randomUUID } from "node:crypto";
import { mkdir, open, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { storageError } from "../local-file.ts";

/** Each chunk is garbage until V8 collects it, which it does by their number more than by their size. */
const READ_BYTES = 64 * 1024;

/**
 * Bytes that wait on disk, first in, first out, in a file that is written round and round and so never grows beyond its
 * capacity. The file has no name from the moment it is open: whatever ends the process ends it too.
 */
export class Spool {
  readonly #dir: string;
  readonly #capacity_bytes: number;
  #opening: Promise<FileHandle> | undefined;
  #closed = false;
  #read_at = 0;
  #held_bytes = 0;
  #problem: Error | undefined;

  constructor(dir: string, capacity_bytes: number) {
    this.#dir = dir;
    this.#capacity_bytes = capacity_bytes;
  }

  get held_bytes(): number { return this.#held_bytes; }

  /** What its disk answered last, as long as that keeps it from taking more: once it is empty, it may be tried again. */
  get problem(): Error | undefined { return this.#problem; }

  get has_room(): boolean { return this.#problem === undefined && this.#held_bytes < this.#capacity_bytes; }

  /** Takes as much as there is room for, on the disk as well; answers what is left. */
  async write(chunks: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    let rest = chunks;
    try {
      while (rest.length > 0 && this.has_room && !this.#closed) {
        const at = (this.#read_at + this.#held_bytes) % this.#capacity_bytes;
        const room_bytes = Math.min(this.#capacity_bytes - this.#held_bytes, this.#capacity_bytes - at);
        const { bytesWritten } = await (await this.#handle()).writev(upTo(rest, room_bytes), at);
        this.#held_bytes += bytesWritten;
        rest = after(rest, bytesWritten);
      }
    } catch (error) {
      this.#problem = storageError("the folder for temporaries takes no more", error) as Error; // who is held up by it says so
    }
    return rest;
  }

  /** The oldest bytes, some of them. */
  async read(): Promise<Uint8Array> {
    const want_bytes = Math.min(READ_BYTES, this.#held_bytes, this.#capacity_bytes - this.#read_at);
    const buffer = Buffer.allocUnsafeSlow(want_bytes);
    const { bytesRead } = await (await this.#handle()).read(buffer, 0, want_bytes, this.#read_at);
    if (bytesRead === 0) throw new Error("the spool ended before what was written to it");
    this.#held_bytes -= bytesRead;
    this.#read_at = (this.#read_at + bytesRead) % this.#capacity_bytes;
    return buffer.subarray(0, bytesRead);
  }

  /** Lets it try again after a problem, if nothing lies in it any more. */
  retryWhenEmpty(): void {
    if (this.#held_bytes > 0) return;
    this.#problem = undefined;
    this.#read_at = 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const handle = await this.#opening?.catch(() => undefined); // then there is none
    await handle?.close();
  }

  #handle(): Promise<FileHandle> {
    if (this.#opening === undefined) {
      this.#opening = openNameless(this.#dir);
      this.#opening.catch(() => { this.#opening = undefined; });
    }
    return this.#opening;
  }
}

async function openNameless(dir: string): Promise<FileHandle> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `safebase-spool-${randomUUID()}`);
  const handle = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The first so many bytes. */
function upTo(chunks: readonly Uint8Array[], size_bytes: number): Uint8Array[] {
  const taken: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (size_bytes <= 0) break;
    taken.push(chunk.subarray(0, size_bytes));
    size_bytes -= chunk.length;
  }
  return taken;
}

/** All but the first so many bytes. */
function after(chunks: readonly Uint8Array[], size_bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (size_bytes < chunk.length) left.push(chunk.subarray(Math.max(0, size_bytes)));
    size_bytes -= chunk.length;
  }
  return left;
}
