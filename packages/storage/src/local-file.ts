import { SafebaseError } from "@safebase/contracts";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Cancelable, Range } from "./storage.ts";
import { abortError } from "./abort.ts";

/** Each chunk is garbage until V8 collects it, which it does by their number more than by their size. */
const READ_BYTES = 64 * 1024;
const WRITE_BYTES = 512 * 1024;
/** After so much, the free space is looked at again. */
const WATCH_BYTES = 16 * 1024 * 1024;
const FULL_CODES = new Set(["ENOSPC", "EDQUOT"]);
const REFUSED_CODES = new Set(["EACCES", "EPERM", "EROFS"]);

/** Whether an error of the file system means that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

/** An error of the file system in our words; errors that are not the file system's (a failing source) stay as they are. */
export function storageError(sentence: string, error: unknown): unknown {
  if (error instanceof SafebaseError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  if (FULL_CODES.has(code)) {
    return new SafebaseError("storage_full", `${sentence}: no space is left on the storage`, {
      hint: "free some space or delete old backups", cause: error,
    });
  }
  if (REFUSED_CODES.has(code)) {
    return new SafebaseError("storage_refused", `${sentence}: ${code === "EROFS" ? "it is mounted read-only" : "it is not permitted"}`, {
      hint: "let the user who runs SafeBase read and write the folder and all that is in it", cause: error,
    });
  }
  return new SafebaseError("storage_failed", `${sentence}: ${(error as Error).message}`, { cause: error });
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes all chunks of a stream in order; answers how many bytes they were. Several at a time: each write is a way to
 * another thread and back, which costs more than to write 64 KiB. `requireRoom` is asked now and then.
 */
export async function writeAll(handle: FileHandle, stream: Readable, requireRoom: () => Promise<void>): Promise<number> {
  let size_bytes = 0, watched_bytes = 0;
  let waiting: Uint8Array[] = [];
  let waiting_bytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    waiting.push(chunk);
    waiting_bytes += chunk.length;
    if (waiting_bytes < WRITE_BYTES) continue;
    await writeChunks(handle, waiting, waiting_bytes);
    size_bytes += waiting_bytes;
    if (size_bytes - watched_bytes >= WATCH_BYTES) {
      await requireRoom();
      watched_bytes = size_bytes;
    }
    [waiting, waiting_bytes] = [[], 0];
  }
  await writeChunks(handle, waiting, waiting_bytes);
  return size_bytes + waiting_bytes;
}

async function writeChunks(handle: FileHandle, chunks: readonly Uint8Array[], size_bytes: number): Promise<void> {
  if (size_bytes === 0) return;
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === size_bytes) return;
  const rest = Buffer.concat(chunks).subarray(bytesWritten); // a disk that is about to be full takes a part
  for (let done = 0; done < rest.length;) done += (await handle.write(rest, done)).bytesWritten;
}

/** The bytes of an open file, or a range of them; closes the file when it ends or is destroyed. */
export class FileReader extends Readable {
  readonly #handle: FileHandle;
  #at: number;
  #left: number;

  constructor(handle: FileHandle, { offset = 0, length = Infinity, signal }: Range & Cancelable) {
    super({ highWaterMark: READ_BYTES });
    this.#handle = handle;
    this.#at = offset;
    this.#left = length;
    if (signal) {
      const stop = (): void => { this.destroy(abortError(signal)); };
      signal.addEventListener("abort", stop, { once: true });
      this.once("close", () => signal.removeEventListener("abort", stop));
    }
  }

  override _read(): void {
    const want = Math.min(READ_BYTES, this.#left);
    if (want <= 0) { this.push(null); return; }
    this.#handle.read(Buffer.allocUnsafeSlow(want), 0, want, this.#at).then(
      ({ bytesRead, buffer }) => {
        this.#at += bytesRead;
        this.#left -= bytesRead;
        this.push(bytesRead === 0 ? null : buffer.subarray(0, bytesRead));
      },
      (error: unknown) => this.destroy(storageError("cannot read on", error) as Error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#handle.close().then(() => done(error), (failure: unknown) => done(error ?? (failure as Error)));
  }
}
