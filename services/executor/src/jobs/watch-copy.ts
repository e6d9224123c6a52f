import { SafebaseError, type CopyCommand } from "@safebase/contracts";
import type { Run } from "./run.ts";

const TICK_MS = 500;

/** A copy while it is made. Disposal ends the watch. */
export interface CopyWatch extends Disposable {
  /** The same run, which also ends when a limit is passed. */
  readonly run: Run;
  readonly moved: (size_bytes: number) => void;
}

/** Tells twice a second how much was copied, and ends what takes longer than its limits. */
export function watchCopy(run: Run, { limits, source }: CopyCommand): CopyWatch {
  const over = new AbortController();
  const started_ms = performance.now();
  let moved_ms = started_ms;
  let bytes = 0;
  const timer = setInterval(() => {
    const now_ms = performance.now();
    if (now_ms - started_ms > limits.time_s * 1000) over.abort(new SafebaseError("time_limit", `it took longer than its limit of ${limits.time_s} s`));
    else if (now_ms - moved_ms > limits.stall_s * 1000) over.abort(new SafebaseError("stalled", `no byte moved for ${limits.stall_s} s`));
    if (bytes > 0) tell(now_ms - started_ms);
  }, TICK_MS);
  const tell = (elapsed_ms: number): void => run.progress({
    phase: "copy", bytes_in: bytes, bytes_out: bytes, total_bytes: source.size_bytes, elapsed_ms, rate_bytes_per_s: Math.round((bytes * 1000) / Math.max(1, elapsed_ms)),
  });
  const signal = AbortSignal.any([run.signal, over.signal]);
  // What is only read, as where it lies already, is told by its reader: that moves, too.
  const progress: Run["progress"] = (update) => { moved_ms = performance.now(); run.progress(update); };
  return {
    run: { ...run, signal, progress, engine: { ...run.engine, signal }, confirmLease: async () => { signal.throwIfAborted(); await run.confirmLease(); moved_ms = performance.now(); } },
    moved: (size_bytes) => { bytes += size_bytes; moved_ms = performance.now(); },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
