import { SafebaseError } from "@safebase/contracts";
import type { StageProcess } from "./process.ts";

/** `bytes_in` counts what goes in (the raw dump of a backup, the stored bytes of a restore), `bytes_out` what comes out. */
export type PipelineProgress = { bytes_in: number; bytes_out: number; rate_bytes_per_s: number; elapsed_ms: number };

export type WatchOptions = {
  limits?: { time_ms?: number | undefined; stall_ms?: number | undefined } | undefined;
  /** Called twice a second. */
  onProgress?: ((progress: PipelineProgress) => void) | undefined;
  /** Asked when no byte moved for `stall_ms`: does the server work for us all the same (an index, a lock)? */
  isBusy?: (() => Promise<boolean>) | undefined;
};

const TICK_MS = 500;
const RATE_TICKS = 6;

/** Counts what a pipeline moves, tells it twice a second, and fails it when a limit is passed. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #processes: readonly StageProcess[];
  readonly #started_ms = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #io: { read: number; written: number }[];
  readonly #recent: { at_ms: number; bytes_in: number }[] = [];
  #tick: Promise<void> = Promise.resolve();
  #fed_bytes: number | undefined;
  #stored_bytes: number | undefined;
  #moved = { sum_bytes: -1, at_ms: this.#started_ms };

  constructor(options: WatchOptions, processes: readonly StageProcess[], fail: (error: unknown) => void) {
    this.#options = options;
    this.#processes = processes;
    this.#io = processes.map(() => ({ read: 0, written: 0 }));
    let idle = true;
    this.#timer = setInterval(() => {
      if (!idle) return;
      idle = false;
      this.#tick = this.#look().catch(fail).finally(() => { idle = true; });
    }, TICK_MS);
  }

  fed(size_bytes: number): void { this.#fed_bytes = (this.#fed_bytes ?? 0) + size_bytes; }
  stored(size_bytes: number): void { this.#stored_bytes = (this.#stored_bytes ?? 0) + size_bytes; }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tick;
  }

  totals(): { bytes_in: number; bytes_out: number; elapsed_ms: number } {
    const raw = this.#rawBytes();
    const bytes_in = this.#fed_bytes ?? raw ?? this.#stored_bytes ?? 0;
    const bytes_out = this.#stored_bytes ?? raw ?? bytes_in;
    return { bytes_in, bytes_out, elapsed_ms: performance.now() - this.#started_ms };
  }

  /** What the first stage that carries the raw dump on one side has moved there; a few kilobytes of its start are in it. */
  #rawBytes(): number | undefined {
    const index = this.#processes.findIndex((one) => one.stage.raw_side !== undefined);
    const side = this.#processes[index]?.stage.raw_side;
    return side && this.#io[index]?.[side];
  }

  async #look(): Promise<void> {
    await Promise.all(this.#processes.map(async (one, index) => {
      const io = await one.io();
      if (io) this.#io[index] = io;
    }));
    const { bytes_in, bytes_out, elapsed_ms } = this.totals();
    this.#options.onProgress?.({ bytes_in, bytes_out, elapsed_ms, rate_bytes_per_s: this.#rate(bytes_in, elapsed_ms) });
    const time_ms = this.#options.limits?.time_ms ?? Infinity;
    if (elapsed_ms > time_ms) throw new SafebaseError("time_limit", `it took longer than its limit of ${time_ms / 1000} s`);
    await this.#checkStall();
  }

  #rate(bytes_in: number, at_ms: number): number {
    const first = this.#recent[0] ?? { at_ms: 0, bytes_in: 0 };
    this.#recent.push({ at_ms, bytes_in });
    if (this.#recent.length > RATE_TICKS) this.#recent.shift();
    return Math.max(0, Math.round(((bytes_in - first.bytes_in) * 1000) / Math.max(1, at_ms - first.at_ms)));
  }

  async #checkStall(): Promise<void> {
    const { limits, isBusy } = this.#options;
    const io_bytes = this.#io.reduce((sum, io) => sum + io.read + io.written, 0);
    const sum_bytes = io_bytes + (this.#fed_bytes ?? 0) + (this.#stored_bytes ?? 0);
    const now_ms = performance.now();
    if (sum_bytes !== this.#moved.sum_bytes) this.#moved = { sum_bytes, at_ms: now_ms };
    const stall_ms = limits?.stall_ms ?? Infinity;
    if (now_ms - this.#moved.at_ms < stall_ms) return;
    if (isBusy && await isBusy()) this.#moved.at_ms = now_ms;
    else throw new SafebaseError("stalled", `no byte moved for ${stall_ms / 1000} s`);
  }
}
