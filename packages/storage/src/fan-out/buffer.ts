import { Readable } from "node:stream";
import type { Spool } from "./spool.ts";

/** So much waits in memory; what is more goes to the spool, if the source need not wait for it. */
export const MEMORY_BYTES = 2 * 1024 * 1024;

/**
 * What one storage has yet to read of a source that others read as well: the newest bytes in memory, those before them
 * on disk. Chunks are shared with the other storages and not copied, save to disk and back.
 */
export class LaneBuffer extends Readable {
  readonly #spool: Spool;
  readonly #changed: () => void;
  #queue: Uint8Array[] = [];
  #queued_bytes = 0;
  #offered_bytes = 0;
  #taken_bytes = 0;
  #complete = false;
  #wanted = false;
  #reading = false;
  #spilling = false;

  /** `changed` is called when there may be room again. */
  constructor(spool: Spool, changed: () => void) {
    super();
    this.#spool = spool;
    this.#changed = changed;
    this.on("error", () => {}); // who destroys it tells the reason
  }

  get taken_bytes(): number { return this.#taken_bytes; }
  get behind_bytes(): number { return this.#offered_bytes - this.#taken_bytes; }
  get has_room(): boolean { return this.#queued_bytes < MEMORY_BYTES; }

  /** Takes a chunk, room or not: who offers looks first. */
  offer(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#queue.push(chunk);
    this.#queued_bytes += chunk.length;
    this.#offered_bytes += chunk.length;
    this.#feed();
  }

  /** Nothing more is offered. */
  complete(): void {
    this.#complete = true;
    this.#feed();
  }

  /** Makes room in memory by writing to the disk, as far as there is room. */
  spill(): void {
    if (this.#spilling || this.destroyed || this.#queue.length === 0 || !this.#spool.has_room) return;
    this.#spilling = true;
    const taken = this.#queue;
    [this.#queue, this.#queued_bytes] = [[], 0];
    void this.#spool.write(taken).then((left) => {
      this.#spilling = false;
      this.#queue = [...left, ...this.#queue];
      this.#queued_bytes = this.#queue.reduce((sum, chunk) => sum + chunk.length, 0);
      this.#feed();
      this.#changed();
    });
  }

  override _read(): void {
    this.#wanted = true;
    this.#feed();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    [this.#queue, this.#queued_bytes] = [[], 0];
    this.#spool.close().then(() => done(error), (failure: unknown) => done(error ?? (failure as Error)));
  }

  /** Gives the oldest chunk to a reader who waits: first what lies on disk, then what is on its way there, then the rest. */
  #feed(): void {
    if (!this.#wanted || this.#reading || this.destroyed) return;
    if (this.#spool.held_bytes > 0) {
      this.#reading = true;
      this.#spool.read().then((chunk) => { this.#reading = false; this.#give(chunk); }, (error: unknown) => this.destroy(error as Error));
    } else if (!this.#spilling) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued_bytes -= chunk.length;
        this.#spool.retryWhenEmpty();
        this.#give(chunk);
      } else if (this.#complete) {
        this.#wanted = false;
        this.push(null);
      }
    }
  }

  #give(chunk: Uint8Array): void {
    if (this.destroyed) return;
    this.#wanted = false;
    this.#taken_bytes += chunk.length;
    this.push(chunk);
    this.#changed();
  }
}
