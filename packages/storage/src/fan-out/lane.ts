import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import type { Storage } from "../storage.ts";
import { LaneBuffer } from "./buffer.ts";
import { Spool } from "./spool.ts";

export type LaneOptions = { key: string; spool_dir: string; spool_bytes: number; changed: () => void };

/** One storage's way of a put into several: what it has yet to read, and how far its own put is. */
export class Lane {
  readonly storage: Storage;
  readonly buffer: LaneBuffer;
  /** Settles to the end of the storage's put, and never rejects. */
  readonly ended: Promise<{ size_bytes: number } | SafebaseError>;
  state: "writing" | "stored" | "gone" = "writing";
  /** For how long it has held up the source since it last kept pace. */
  held_ms = 0;
  #moved = { taken_bytes: 0, at_ms: performance.now() };
  readonly #key: string;
  readonly #spool: Spool;
  readonly #control = new AbortController();

  constructor(storage: Storage, { key, spool_dir, spool_bytes, changed }: LaneOptions) {
    this.storage = storage;
    this.#key = key;
    this.#spool = new Spool(spool_dir, spool_bytes);
    this.buffer = new LaneBuffer(this.#spool, changed);
    this.ended = storage.put(key, this.buffer, { signal: this.#control.signal }).catch(asSafebaseError);
  }

  /** Ends the storage's put, which leaves nothing then. */
  stop(error: unknown): void {
    this.#control.abort(error);
    this.buffer.destroy();
  }

  /** Since when no byte has been read. */
  stillSince(now_ms: number): number {
    const { taken_bytes } = this.buffer;
    if (taken_bytes !== this.#moved.taken_bytes) this.#moved = { taken_bytes, at_ms: now_ms };
    return this.#moved.at_ms;
  }

  /** Why the others go on without it. */
  tooSlow(): SafebaseError {
    const behind = `${Math.ceil(this.buffer.behind_bytes / 1024 / 1024)} MiB`;
    const { problem } = this.#spool;
    const why = problem === undefined ? "" : `, and ${problem.message}`;
    return new SafebaseError("storage_failed", `cannot write ${this.#key}: ${this.storage.id} was too slow: it is ${behind} behind the others${why}; it gets its copy later`, { cause: problem });
  }
}
