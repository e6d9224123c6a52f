import type { ErrorCode } from "@safebase/contracts";
import { SafebaseError } from "@safebase/contracts";
import { pipeline, Transform } from "node:stream";
import type { Readable, TransformCallback } from "node:stream";
import type { Cancelable, ObjectEntry, Range, Storage } from "../storage.ts";

export type StorageOperation = "put" | "get" | "stat" | "list" | "delete" | "space" | "sweep";

/** One operation that has ended: a get when its stream has, a listing when it was read. */
export type StorageEvent = {
  storage: string;
  operation: StorageOperation;
  key?: string | undefined;
  /** How it ended; `source_failed` when that was not the storage's doing. */
  outcome: "ok" | "source_failed" | ErrorCode;
  error?: unknown;
  elapsed_ms: number;
  size_bytes: number;
};

/** The storage, which tells of each operation how it ended. */
export function observed(storage: Storage, tell: (event: StorageEvent) => void): Storage {
  const begin = (operation: StorageOperation, key?: string) => {
    const start_ms = performance.now();
    return (error: unknown, size_bytes = 0): void => {
      tell({ storage: storage.id, operation, key, outcome: outcomeOf(error), error, elapsed_ms: performance.now() - start_ms, size_bytes });
    };
  };
  const around = async <T>(end: (error: unknown, size_bytes?: number) => void, work: Promise<T>, size?: (value: T) => number): Promise<T> => {
    try {
      const value = await work;
      end(undefined, size?.(value));
      return value;
    } catch (error) {
      end(error);
      throw error;
    }
  };
  return {
    id: storage.id,
    put: (key, source, options) => around(begin("put", key), storage.put(key, source, options), ({ size_bytes }) => size_bytes),
    get: (key, options) => observedGet(storage, key, options, begin("get", key)),
    stat: (key) => around(begin("stat", key), storage.stat(key)),
    list: (prefix) => observedList(storage.list(prefix), begin("list", prefix)),
    delete: (key) => around(begin("delete", key), storage.delete(key)),
    space: () => around(begin("space"), storage.space()),
    sweepTemps: (older_than_ms) => around(begin("sweep"), storage.sweepTemps(older_than_ms)),
  };
}

function outcomeOf(error: unknown): StorageEvent["outcome"] {
  if (error === undefined || error === null) return "ok";
  return error instanceof SafebaseError ? error.code : "source_failed";
}

type End = (error: unknown, size_bytes?: number) => void;

async function observedGet(storage: Storage, key: string, options: (Range & Cancelable) | undefined, end: End): Promise<Readable> {
  try {
    const counter = new Counter();
    return pipeline(await storage.get(key, options), counter, (error) => {
      // A reader who has had enough is no failure.
      end((error as NodeJS.ErrnoException | undefined)?.code === "ERR_STREAM_PREMATURE_CLOSE" ? undefined : error, counter.size_bytes);
    });
  } catch (error) {
    end(error);
    throw error;
  }
}

async function* observedList(entries: AsyncIterable<ObjectEntry>, end: End): AsyncGenerator<ObjectEntry> {
  let failure: unknown;
  try {
    yield* entries;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    end(failure);
  }
}

class Counter extends Transform {
  size_bytes = 0;

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size_bytes += chunk.length;
    done(null, chunk);
  }
}
