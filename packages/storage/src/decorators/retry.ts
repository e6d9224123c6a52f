import { SafebaseError } from "@safebase/contracts";
import { Readable } from "node:stream";
import { destroyOnAbort, discard } from "../common.ts";
import { isTransient, PATIENT, pause, repeat } from "../repeat.ts";
import type { RepeatPolicy } from "../repeat.ts";
import type { Cancelable, ObjectEntry, ObjectStat, Range, Storage } from "../storage.ts";

/** What is smaller than this is held, and so can be put again; a longer source is read once. */
const HELD_MAX_BYTES = 1024 * 1024;

/** The storage, which tries again what failed for a reason that may pass. A read goes on where it was cut. */
export function withRetry(storage: Storage, policy: RepeatPolicy = PATIENT): Storage {
  return new Retrying(storage, policy);
}

class Retrying implements Storage {
  readonly id: string;
  readonly #inner: Storage;
  readonly #policy: RepeatPolicy;

  constructor(inner: Storage, policy: RepeatPolicy) {
    this.id = inner.id;
    this.#inner = inner;
    this.#policy = policy;
  }

  async put(key: string, source: Readable | AsyncIterable<Uint8Array>, options: Cancelable = {}): Promise<{ size_bytes: number }> {
    const stream = source instanceof Readable ? source : Readable.from(source);
    const forget = destroyOnAbort(stream, options.signal);
    try {
      const { bytes, ended } = await readHead(stream);
      if (ended) return await this.#putHeld(key, bytes, options);
      stream.unshift(bytes);
      return await this.#inner.put(key, stream, options);
    } catch (error) {
      discard(stream);
      throw error;
    } finally {
      forget();
    }
  }

  async get(key: string, options: Range & Cancelable = {}): Promise<Readable> {
    return resuming(await this.#open(key, options), options, (rest) => this.#open(key, rest), this.#policy);
  }

  stat(key: string): Promise<ObjectStat | undefined> {
    return repeat(this.#policy, () => this.#inner.stat(key));
  }

  /** A listing that was cut begins again and passes over what it has already given. */
  async *list(prefix: string): AsyncIterable<ObjectEntry> {
    let last: string | undefined;
    for (let failures = 0; ;) {
      try {
        for await (const entry of this.#inner.list(prefix)) {
          if (last !== undefined && Buffer.compare(Buffer.from(entry.key), Buffer.from(last)) <= 0) continue;
          [last, failures] = [entry.key, 0];
          yield entry;
        }
        return;
      } catch (error) {
        if (!isTransient(error) || ++failures >= this.#policy.attempts) throw error;
        await pause(this.#policy, failures);
      }
    }
  }

  delete(key: string): Promise<void> {
    return repeat(this.#policy, () => this.#inner.delete(key));
  }

  space(): Promise<{ free_bytes: number; total_bytes: number } | undefined> {
    return repeat(this.#policy, () => this.#inner.space());
  }

  sweepTemps(older_than_ms: number): Promise<string[]> {
    return repeat(this.#policy, () => this.#inner.sweepTemps(older_than_ms));
  }

  #open(key: string, options: Range & Cancelable): Promise<Readable> {
    return repeat(this.#policy, () => this.#inner.get(key, options), options);
  }

  /** After a failed try, `exists` may mean that it arrived after all: then the same bytes lie there. */
  async #putHeld(key: string, bytes: Buffer, options: Cancelable): Promise<{ size_bytes: number }> {
    return repeat(this.#policy, async (attempt) => {
      try {
        return await this.#inner.put(key, Readable.from(bytes.length === 0 ? [] : [bytes]), options);
      } catch (error) {
        const taken = attempt > 1 && error instanceof SafebaseError && error.code === "exists";
        if (taken && (await this.#inner.stat(key))?.size_bytes === bytes.length && await this.#holds(key, bytes)) return { size_bytes: bytes.length };
        throw error;
      }
    }, options);
  }

  async #holds(key: string, bytes: Buffer): Promise<boolean> {
    return bytes.equals(Buffer.concat(await Array.fromAsync(await this.#inner.get(key) as AsyncIterable<Uint8Array>)));
  }
}

/** The start of a stream, until it ends or there is more than we hold; the stream can be read on. */
async function readHead(stream: Readable): Promise<{ bytes: Buffer; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size_bytes = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size_bytes += chunk.length;
    if (size_bytes > HELD_MAX_BYTES) return { bytes: Buffer.concat(chunks), ended: false };
  }
  return { bytes: Buffer.concat(chunks), ended: true };
}

/** A stream that, when it is cut, is opened again at the place that was reached: objects never change. */
function resuming(first: Readable, options: Range & Cancelable, open: (rest: Range & Cancelable) => Promise<Readable>, policy: RepeatPolicy): Readable {
  let current = first;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let { offset = 0, length = Infinity } = options;
    for (let failures = 0; ;) {
      try {
        for await (const chunk of current as AsyncIterable<Uint8Array>) {
          [offset, length, failures] = [offset + chunk.length, length - chunk.length, 0];
          yield chunk;
        }
        return;
      } catch (error) {
        if (!isTransient(error) || ++failures >= policy.attempts) throw error;
        await pause(policy, failures, options.signal);
        current = await open({ ...options, offset, ...(length === Infinity ? {} : { length }) });
      }
    }
  }
  const stream = Readable.from(chunks(), { objectMode: false });
  const destroy = stream._destroy.bind(stream);
  stream._destroy = (error, done) => { discard(current); destroy(error, done); }; // or the generator waits for it
  return stream;
}
