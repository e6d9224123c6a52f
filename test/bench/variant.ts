import type { MemoryPeak } from "./memory.ts";

/** One way to do the work, and what one run of it gave. */
export interface Variant {
  readonly name: string;
  run(): Promise<Run>;
}

export interface Run {
  /** By the wall clock, around all of it. */
  readonly elapsed_ms: number;
  /** The same with `sync file` behind it. */
  readonly synced_ms?: number;
  /** From started_at to finished_at, as the API tells it. */
  readonly inner_ms?: number;
  readonly size_bytes?: number;
  readonly raw_size_bytes?: number | null;
  readonly memory?: MemoryPeak;
}
