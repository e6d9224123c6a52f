import type { SafebaseError } from "@safebase/contracts";
import { Readable } from "node:stream";
import { throwIfAborted } from "../abort.ts";
import { discard } from "../common.ts";
import { assertKey } from "../keys.ts";
import type { Cancelable, ObjectEntry, ObjectStat, Range, Storage } from "../storage.ts";
import { FanPut } from "./put.ts";

const PATIENCE_MS = 20_000;

export type FanOutOptions = {
  /** A folder for temporaries, where bytes wait for storages that are behind; and how many for each of them and each put. */
  spool_dir: string;
  spool_bytes: number;
  /** For how long a storage may hold up the others, all in all until it keeps pace again. Shorter than a server waits for a client that dumps. */
  patience_ms?: number | undefined;
  /** Called when a storage is given up. */
  onDrop?: ((storage: Storage, error: SafebaseError) => void) | undefined;
};

/**
 * Several storages as one, for as long as one artifact is written. A storage that fails or cannot keep pace is given up:
 * it gets no further calls, so also no manifest. The last one is never given up; its failure is the caller's.
 */
export interface FanOut extends Storage {
  /** Why each storage was given up, by its id. */
  readonly dropped: ReadonlyMap<string, SafebaseError>;
  /** Those that hold all that was put, in the order in which they were given. */
  readonly living: readonly Storage[];
  /** For how long no storage has read on: they may do so long after the source has ended. */
  readonly still_ms: number;
}

/** Puts go to all storages at once, reads to the first that answers, deletions to all. */
export function fanOut(storages: readonly Storage[], options: FanOutOptions): FanOut {
  return new Fan(storages, options);
}

class Fan implements FanOut {
  readonly id: string;
  readonly dropped = new Map<string, SafebaseError>();
  readonly #options: FanOutOptions;
  readonly #puts = new Set<FanPut>();
  #living: readonly Storage[];
  #moved_at_ms = performance.now();

  constructor(storages: readonly Storage[], options: FanOutOptions) {
    this.id = storages.map(({ id }) => id).join(", ");
    this.#living = [...storages];
    this.#options = options;
  }

  get living(): readonly Storage[] { return this.#living; }
  get still_ms(): number { return performance.now() - this.#moved_at_ms; }

  async put(key: string, source: Readable | AsyncIterable<Uint8Array>, options: Cancelable = {}): Promise<{ size_bytes: number }> {
    const [only, ...more] = this.#living as [Storage, ...Storage[]];
    if (more.length === 0) return only.put(key, source, options);
    const stream = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
    try {
      assertKey(key);
      throwIfAborted(options.signal);
    } catch (error) {
      discard(stream);
      throw error;
    }
    return this.#putAll(key, stream, options.signal);
  }

  get(key: string, options: Range & Cancelable = {}): Promise<Readable> {
    return this.#first((storage) => storage.get(key, options));
  }

  stat(key: string): Promise<ObjectStat | undefined> {
    return this.#first((storage) => storage.stat(key));
  }

  /** Of the first storage that begins to answer. */
  async *list(prefix: string): AsyncIterable<ObjectEntry> {
    const { first, rest } = await this.#first(async (storage) => {
      const entries = storage.list(prefix)[Symbol.asyncIterator]();
      return { first: await entries.next(), rest: entries };
    });
    try {
      for (let entry = first; !entry.done; entry = await rest.next()) yield entry.value;
    } finally {
      await rest.return?.();
    }
  }

  async delete(key: string): Promise<void> {
    await this.#all((storage) => storage.delete(key));
  }

  /** Of the storage that has the least. */
  async space(): Promise<{ free_bytes: number; total_bytes: number } | undefined> {
    const known = (await this.#all((storage) => storage.space())).filter((space) => space !== undefined);
    return known.sort((a, b) => a.free_bytes - b.free_bytes)[0];
  }

  async sweepTemps(older_than_ms: number): Promise<string[]> {
    return [...new Set((await this.#all((storage) => storage.sweepTemps(older_than_ms))).flat())];
  }

  async #putAll(key: string, source: Readable, signal: AbortSignal | undefined): Promise<{ size_bytes: number }> {
    const { spool_dir, spool_bytes, patience_ms = PATIENCE_MS } = this.#options;
    const drop = (storage: Storage, error: SafebaseError): boolean => this.#drop(storage, error);
    const put = new FanPut({ key, source, storages: this.#living, spool_dir, spool_bytes, patience_ms, drop, moved: () => { this.#moved_at_ms = performance.now(); } });
    this.#puts.add(put);
    try {
      return await put.run(signal);
    } finally {
      this.#puts.delete(put);
    }
  }

  #drop(storage: Storage, error: SafebaseError): boolean {
    if (this.dropped.has(storage.id)) return true;
    if (this.#living.length === 1) return false;
    this.#living = this.#living.filter((one) => one !== storage);
    this.dropped.set(storage.id, error);
    for (const put of this.#puts) put.leave(storage, error);
    this.#options.onDrop?.(storage, error);
    return true;
  }

  /** What the first storage says that does not fail; when all do, the first failure. */
  async #first<T>(ask: (storage: Storage) => Promise<T>): Promise<T> {
    const failures: unknown[] = [];
    for (const storage of this.#living) {
      try {
        return await ask(storage);
      } catch (error) {
        failures.push(error);
      }
    }
    throw failures[0];
  }

  /** Asks all to the end; then the first failure is thrown. */
  async #all<T>(ask: (storage: Storage) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(this.#living.map(ask));
    return answers.map((answer) => {
      if (answer.status === "rejected") throw answer.reason;
      return answer.value;
    });
  }
}
