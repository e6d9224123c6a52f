import { SafebaseError } from "@safebase/contracts";
import { throwIfAborted } from "@safebase/storage";
import type { Cancelable } from "@safebase/storage";
import { runPipeline } from "./pipeline.ts";
import type { PipelineOptions, PipelineResult } from "./pipeline.ts";
import type { PipelineProgress, WatchOptions } from "./watch.ts";

/** A little less than the pipelines' own pace: several tell at once, and one sum of them is enough. */
const TELL_EVERY_MS = 450;

/** One of the pipelines: what it moved so far, and when it last did. */
type Lane = { progress: PipelineProgress; moved_ms: number };

export type LanePipeline = Omit<PipelineOptions, keyof WatchOptions | "signal">;
/** Runs a pipeline as one of those that are watched together. */
export type RunLane = (options: LanePipeline) => Promise<PipelineResult>;

/**
 * Several pipelines, one after the other or at once, as if they were one: their progress is summed, the time limit counts
 * from the first, nothing stalls while any of them moves, and the first failure ends all.
 */
export class Together {
  /** Aborts with the caller's, and when one of them has failed. */
  readonly signal: AbortSignal;
  readonly #options: WatchOptions;
  readonly #stop = new AbortController();
  readonly #started_ms = performance.now();
  readonly #lanes: Lane[] = [];
  #told_ms = 0;

  constructor(options: WatchOptions & Cancelable) {
    this.#options = options;
    this.signal = options.signal ? AbortSignal.any([options.signal, this.#stop.signal]) : this.#stop.signal;
  }

  /** Does all of it, so much at once, and settles when all has ended: with the results in order, or the first failure. */
  async all<T>(tasks: readonly ((run: RunLane) => Promise<T>)[], at_once = tasks.length): Promise<T[]> {
    const results: T[] = [];
    const waiting = tasks.entries(); // taken from by all workers
    const work = async (): Promise<void> => {
      for (const [index, task] of waiting) {
        throwIfAborted(this.signal);
        results[index] = await task((options) => this.#run(options));
      }
    };
    const failures: unknown[] = [];
    const workers = Array.from({ length: Math.min(at_once, tasks.length) }, work);
    await Promise.all(workers.map((worker) => worker.catch((error: unknown) => {
      failures.push(error);
      this.#stop.abort(error);
    })));
    if (failures.length > 0) throw failures[0];
    return results;
  }

  async #run(options: LanePipeline): Promise<PipelineResult> {
    const lane: Lane = { progress: { bytes_in: 0, bytes_out: 0, rate_bytes_per_s: 0, elapsed_ms: 0 }, moved_ms: performance.now() };
    this.#lanes.push(lane);
    const result = await runPipeline({
      ...options, signal: this.signal,
      limits: { stall_ms: this.#options.limits?.stall_ms },
      isBusy: async () => this.#moves() || (await this.#options.isBusy?.() ?? false),
      onProgress: (progress) => this.#progressed(lane, progress),
    });
    lane.progress = { ...lane.progress, bytes_in: result.bytes_in, bytes_out: result.bytes_out, rate_bytes_per_s: 0 };
    return result;
  }

  /** Has any of them moved, within the time in which one that does not would count as stalled? */
  #moves(): boolean {
    const since_ms = performance.now() - (this.#options.limits?.stall_ms ?? Infinity);
    return this.#lanes.some(({ moved_ms }) => moved_ms > since_ms);
  }

  /** What it throws fails the pipeline that told. */
  #progressed(lane: Lane, progress: PipelineProgress): void {
    const now_ms = performance.now();
    const { bytes_in, bytes_out } = lane.progress;
    if (progress.bytes_in !== bytes_in || progress.bytes_out !== bytes_out) lane.moved_ms = now_ms;
    lane.progress = progress;
    const elapsed_ms = now_ms - this.#started_ms;
    const time_ms = this.#options.limits?.time_ms ?? Infinity;
    if (elapsed_ms > time_ms) throw new SafebaseError("time_limit", `it took longer than its limit of ${time_ms / 1000} s`);
    if (now_ms - this.#told_ms < TELL_EVERY_MS) return;
    this.#told_ms = now_ms;
    const sum = (of: "bytes_in" | "bytes_out" | "rate_bytes_per_s"): number => this.#lanes.reduce((total, each) => total + each.progress[of], 0);
    this.#options.onProgress?.({ bytes_in: sum("bytes_in"), bytes_out: sum("bytes_out"), rate_bytes_per_s: sum("rate_bytes_per_s"), elapsed_ms });
  }
}
