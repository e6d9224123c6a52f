import { pipeline, Readable, Transform } from "node:stream";
import type { TransformCallback } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { abortError, throwIfAborted } from "../abort.ts";
import { discard } from "../common.ts";
import type { Cancelable, Range, Storage } from "../storage.ts";

export type Limits = {
  /** Of all puts together, and of all gets together. */
  upload_bytes_per_s?: number | undefined;
  download_bytes_per_s?: number | undefined;
  /** Puts at the same time, and gets (a get lasts until its stream is closed); the rest wait their turn. */
  transfers?: number | undefined;
};

/** The storage, which takes no more of the line, and does no more at once, than it may. */
export function withLimits(storage: Storage, { upload_bytes_per_s, download_bytes_per_s, transfers }: Limits): Storage {
  const up = new Pace(upload_bytes_per_s), down = new Pace(download_bytes_per_s);
  const puts = new Turns(transfers), gets = new Turns(transfers);
  return {
    id: storage.id,
    async put(key, source, options = {}) {
      const stream = source instanceof Readable ? source : Readable.from(source);
      try {
        await puts.take(options.signal);
      } catch (error) {
        discard(stream);
        throw error;
      }
      try {
        return await storage.put(key, pipeline(stream, new Throttle(up), () => {}), options); // the throttle has the error
      } finally {
        puts.giveBack();
      }
    },
    get: (key, options = {}) => limitedGet(storage, key, options, gets, down),
    stat: (key) => storage.stat(key),
    list: (prefix) => storage.list(prefix),
    delete: (key) => storage.delete(key),
    space: () => storage.space(),
    sweepTemps: (older_than_ms) => storage.sweepTemps(older_than_ms),
  };
}

async function limitedGet(storage: Storage, key: string, options: Range & Cancelable, gets: Turns, pace: Pace): Promise<Readable> {
  await gets.take(options.signal);
  try {
    const stream = await storage.get(key, options);
    return pipeline(stream, new Throttle(pace), () => {}).once("close", () => gets.giveBack());
  } catch (error) {
    gets.giveBack();
    throw error;
  }
}

/** Turns for so many at once, in the order in which they were asked for. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count = Infinity) {
    this.#free = count;
  }

  async take(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const stop = (): void => {
      const at = this.#waiting.indexOf(resolve);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(abortError(signal as AbortSignal));
    };
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  giveBack(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

/** When the next bytes may pass, for all who share the pace. */
class Pace {
  readonly #bytes_per_ms: number;
  #free_at_ms = 0;

  constructor(bytes_per_s = Infinity) {
    this.#bytes_per_ms = bytes_per_s / 1000;
  }

  async pass(size_bytes: number): Promise<void> {
    const now_ms = performance.now();
    const wait_ms = Math.max(0, this.#free_at_ms - now_ms);
    this.#free_at_ms = now_ms + wait_ms + size_bytes / this.#bytes_per_ms;
    if (wait_ms > 0) await sleep(wait_ms);
  }
}

class Throttle extends Transform {
  readonly #pace: Pace;

  constructor(pace: Pace) {
    super();
    this.#pace = pace;
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    void this.#pace.pass(chunk.length).then(() => done(null, chunk));
  }
}
