import { SafebaseError } from "@safebase/contracts";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { abortError } from "../abort.ts";
import type { Storage } from "../storage.ts";
import { MEMORY_BYTES } from "./buffer.ts";
import { Lane } from "./lane.ts";

/** When all was read by one storage, another is given up that reads nothing for so many times the patience. */
const STILL_PATIENCES = 15;

export type FanPutOptions = {
  key: string;
  source: Readable;
  storages: readonly Storage[];
  spool_dir: string;
  spool_bytes: number;
  patience_ms: number;
  /** Asks for a storage to be given up; false when it is the last one. */
  drop: (storage: Storage, error: SafebaseError) => boolean;
  /** Called when a storage has read on. */
  moved: () => void;
};

/**
 * One source into several storages at once, at the pace of the fastest. Who cannot keep pace reads from a spool; when
 * that is full too, it holds the source up for as long as the patience lasts, and is then given up.
 */
export class FanPut {
  readonly #options: FanPutOptions;
  readonly #lanes: readonly Lane[];
  readonly #lost: SafebaseError[] = [];
  #failure: Error | undefined;
  #size_bytes: number | undefined;
  #wake: (() => void) | undefined;
  /** The source waits while the fastest storage is farther behind. */
  #behind_max_bytes = MEMORY_BYTES;

  constructor(options: FanPutOptions) {
    this.#options = options;
    const { key, spool_dir, spool_bytes } = options;
    const changed = (): void => { options.moved(); this.#wake?.(); };
    this.#lanes = options.storages.map((storage) => new Lane(storage, { key, spool_dir, spool_bytes, changed }));
    for (const lane of this.#lanes) void lane.ended.then((end) => this.#laneEnded(lane, end));
  }

  async run(signal: AbortSignal | undefined): Promise<{ size_bytes: number }> {
    const abort = (): void => this.#fail(abortError(signal as AbortSignal));
    signal?.addEventListener("abort", abort, { once: true });
    try {
      const size_bytes = await this.#pump();
      await this.#finish(size_bytes);
      return { size_bytes };
    } catch (error) {
      this.#failure ??= error as Error; // the source's
      await this.#undo(this.#failure);
      throw this.#failure;
    } finally {
      signal?.removeEventListener("abort", abort);
      for (const lane of this.#lanes) lane.buffer.destroy();
    }
  }

  /** Goes on without a storage that was given up, here or by another put. */
  leave(storage: Storage, error: SafebaseError): void {
    const lane = this.#lanes.find((one) => one.storage === storage);
    if (lane === undefined || lane.state === "gone") return;
    lane.state = "gone";
    lane.stop(error);
    this.#lost.push(error);
    this.#behind_max_bytes = Math.max(MEMORY_BYTES, this.#leastBehind() + 1);
    this.#wake?.();
  }

  /** Reads the source to its end; answers its size. */
  async #pump(): Promise<number> {
    let size_bytes = 0;
    for await (const chunk of this.#options.source as AsyncIterable<Uint8Array>) {
      size_bytes += chunk.length;
      for (const { buffer } of this.#writing()) buffer.offer(chunk);
      await this.#room();
    }
    return size_bytes;
  }

  /** Returns when the source may go on. */
  async #room(): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      for (const lane of this.#writing()) if (lane.buffer.behind_bytes < MEMORY_BYTES) lane.held_ms = 0;
      const least_bytes = this.#leastBehind();
      if (least_bytes < MEMORY_BYTES) this.#behind_max_bytes = MEMORY_BYTES;
      if (least_bytes >= this.#behind_max_bytes) await this.#change();
      else {
        const full = this.#full();
        if (full.length === 0) return;
        await this.#hold(full);
      }
    }
  }

  /** Those without room, even on disk. */
  #full(): Lane[] {
    return this.#writing().filter(({ buffer }) => {
      if (!buffer.has_room) buffer.spill();
      return !buffer.has_room;
    });
  }

  /** Waits for those who hold up the source, and gives up who has done so for too long while another could go on. */
  async #hold(full: readonly Lane[]): Promise<void> {
    const least_bytes = this.#leastBehind();
    const late = full.filter(({ buffer }) => buffer.behind_bytes > least_bytes);
    const { patience_ms } = this.#options;
    const from_ms = performance.now();
    await this.#change(late.length === 0 ? undefined : patience_ms - Math.max(...late.map(({ held_ms }) => held_ms)));
    const held_ms = performance.now() - from_ms;
    for (const lane of late) lane.held_ms += held_ms;
    const still_full = this.#full();
    for (const lane of late) if (lane.held_ms >= patience_ms && still_full.includes(lane)) this.#giveUp(lane, lane.tooSlow());
  }

  /** Waits until each storage has all, or is given up. */
  async #finish(size_bytes: number): Promise<void> {
    this.#size_bytes = size_bytes;
    for (const { buffer } of this.#writing()) buffer.complete();
    const limit_ms = this.#options.patience_ms * STILL_PATIENCES;
    let first_stored_ms: number | undefined;
    for (;;) {
      if (this.#failure) throw this.#failure;
      const writing = this.#writing();
      if (writing.length === 0) return;
      const now_ms = performance.now();
      if (this.#lanes.some(({ state }) => state === "stored")) first_stored_ms ??= now_ms;
      const left_ms = first_stored_ms === undefined ? undefined : writing.map((lane) => limit_ms - (now_ms - Math.max(lane.stillSince(now_ms), first_stored_ms as number)));
      const late = writing.filter((_, index) => (left_ms?.[index] ?? 1) <= 0);
      for (const lane of late) this.#giveUp(lane, lane.tooSlow());
      if (late.length === 0) await this.#change(left_ms && Math.min(...left_ms));
    }
  }

  #laneEnded(lane: Lane, end: { size_bytes: number } | SafebaseError): void {
    if (lane.state !== "writing" || this.#failure) return;
    if (end instanceof SafebaseError) this.#giveUp(lane, end);
    else if (end.size_bytes !== this.#size_bytes) {
      this.#giveUp(lane, new SafebaseError("storage_failed", `cannot write ${this.#options.key}: ${lane.storage.id} took ${end.size_bytes} of ${this.#size_bytes ?? "more"} bytes`));
    } else lane.state = "stored";
    this.#wake?.();
  }

  #giveUp(lane: Lane, error: SafebaseError): void {
    if (this.#options.drop(lane.storage, error)) return;
    this.#fail(noneTook([...this.#lost, error]));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#options.source.on("error", () => {}).destroy(this.#failure);
    this.#wake?.();
  }

  /** Leaves nothing, neither halves nor what a storage had already stored; a storage that hangs is not waited for. */
  async #undo(error: Error): Promise<void> {
    this.#options.source.destroy();
    const here = this.#lanes.filter(({ state }) => state !== "gone");
    for (const lane of here) if (lane.state === "writing") lane.stop(error);
    const settled = new AbortController();
    const patience = sleep(this.#options.patience_ms, undefined, { signal: settled.signal }).catch(() => undefined); // no longer needed
    await Promise.all(here.map((lane) => this.#remove(lane, patience)));
    settled.abort();
  }

  async #remove({ storage, ended }: Lane, patience: Promise<undefined>): Promise<void> {
    const end = await Promise.race([ended, patience]);
    if (end === undefined || end instanceof SafebaseError) return;
    await storage.delete(this.#options.key).catch(() => {}); // the failure is what is told; without a manifest, the sweep finds it
  }

  #writing(): Lane[] {
    return this.#lanes.filter(({ state }) => state === "writing");
  }

  #leastBehind(): number {
    return Math.min(...this.#writing().map(({ buffer }) => buffer.behind_bytes));
  }

  /** Waits until something may be different, but no longer than that. */
  async #change(wait_ms?: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = wait_ms === undefined ? undefined : setTimeout(resolve, Math.max(1, wait_ms));
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }
}

/** Why an object lies nowhere, by the first storage that failed. */
function noneTook(errors: readonly SafebaseError[]): SafebaseError {
  const [first, ...more] = errors as [SafebaseError, ...SafebaseError[]];
  if (more.length === 0) return first;
  const { code, hint } = first;
  return new SafebaseError(code, `no storage took it: ${errors.map(({ message }) => message).join("; ")}`, { hint, cause: new AggregateError(errors) });
}
