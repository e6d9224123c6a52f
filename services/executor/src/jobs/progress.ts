import type { Progress } from "@safebase/contracts";

export type ProgressUpdate = Omit<Progress, "job_id" | "kind" | "at">;

const TICK_MS = 250;
const SILENCE_MS = 700;

/**
 * Tells where a job is as it moves, and tells it again while nothing moves: connecting, making a database or waiting
 * for a lock takes time, too, and whoever watches hears of the job at least every second. Disposal ends it.
 */
export class Teller implements Disposable {
  readonly #tell: (progress: ProgressUpdate) => void;
  readonly #timer = setInterval(() => this.#again(), TICK_MS);
  #last: ProgressUpdate = { phase: "prepare", bytes_in: 0, bytes_out: 0, total_bytes: null, rate_bytes_per_s: 0, elapsed_ms: 0 };
  #last_ms = performance.now();
  #told_ms = this.#last_ms;

  constructor(tell: (progress: ProgressUpdate) => void) {
    this.#tell = tell;
  }

  tell(progress: ProgressUpdate): void {
    this.#last = progress;
    this.#last_ms = this.#told_ms = performance.now();
    this.#tell(progress);
  }

  #again(): void {
    const now_ms = performance.now();
    if (now_ms - this.#told_ms < SILENCE_MS) return;
    this.#told_ms = now_ms;
    this.#tell({ ...this.#last, rate_bytes_per_s: 0, elapsed_ms: this.#last.elapsed_ms + now_ms - this.#last_ms });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
