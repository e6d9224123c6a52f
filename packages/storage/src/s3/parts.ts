import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { PartPlan } from "./plan.ts";
import { storageError } from "../local-file.ts";

/** A piece of an object that can be sent as often as it takes. */
export type Part = {
  number: number;
  size_bytes: number;
  sha256: Buffer;
  /** Whether the source ended with it. */
  last: boolean;
  md5(): Promise<Buffer>;
  body(): Uint8Array | Readable;
  /** Frees what it lies in; called once, when nothing sends it any more. */
  release(): Promise<void>;
};

/** Cuts a source into parts, in memory or, when they are large, in files of a folder. Buffers are used again and again. */
export class Cutter {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #spool_dir: string;
  #rest: Uint8Array | undefined;
  #free: Buffer[] = [];
  #number = 0;

  constructor(source: Readable, spool_dir: string) {
    this.#source = (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    this.#spool_dir = spool_dir;
  }

  async next(plan: PartPlan): Promise<Part> {
    const number = ++this.#number;
    return plan.on_disk ? this.#onDisk(number, plan.size_bytes) : this.#inMemory(number, plan.size_bytes);
  }

  async #inMemory(number: number, size_max_bytes: number): Promise<Part> {
    this.#free = this.#free.filter((buffer) => buffer.length >= size_max_bytes);
    const buffer = this.#free.pop() ?? Buffer.allocUnsafeSlow(size_max_bytes);
    let at = 0;
    const { sha256, last } = await this.#fill(size_max_bytes, (chunk) => { buffer.set(chunk, at); at += chunk.length; });
    const bytes = buffer.subarray(0, at);
    return {
      number, size_bytes: at, sha256, last, body: () => bytes,
      md5: async () => createHash("md5").update(bytes).digest(),
      release: async () => { this.#free.push(buffer); },
    };
  }

  /** The file has no name in the folder longer than it is open for writing, save for reading it again: it is unlinked at its release. */
  async #onDisk(number: number, size_max_bytes: number): Promise<Part> {
    const path = join(this.#spool_dir, `safebase-part-${randomUUID()}`);
    const release = async (): Promise<void> => { await unlink(path).catch(() => {}); }; // it lies in a folder for temporaries
    let size_bytes = 0;
    try {
      await using handle = await open(path, "wx", 0o600);
      const filled = await this.#fill(size_max_bytes, async (chunk) => { await handle.writeFile(chunk); size_bytes += chunk.length; });
      return { number, size_bytes, ...filled, body: () => createReadStream(path, { highWaterMark: 256 * 1024 }), md5: () => md5OfFile(path), release };
    } catch (error) {
      await release();
      throw storageError("cannot keep a part in the folder for temporaries", error);
    }
  }

  async #fill(size_max_bytes: number, write: (chunk: Uint8Array) => void | Promise<void>): Promise<{ sha256: Buffer; last: boolean }> {
    const hash = createHash("sha256");
    for (let room = size_max_bytes; room > 0;) {
      const chunk = this.#rest ?? await this.#read();
      if (chunk === undefined) return { sha256: hash.digest(), last: true };
      const taken = chunk.subarray(0, room);
      this.#rest = taken.length < chunk.length ? chunk.subarray(room) : undefined;
      hash.update(taken);
      const written = write(taken);
      if (written) await written;
      room -= taken.length;
    }
    return { sha256: hash.digest(), last: false };
  }

  async #read(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#source.next();
    return done ? undefined : value;
  }
}

async function md5OfFile(path: string): Promise<Buffer> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest();
}
