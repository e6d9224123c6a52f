import type { Storage } from "../storage.ts";
import { observed } from "./observe.ts";

/** What prom-client's Histogram and Counter offer of themselves. */
export type StorageMeters = {
  /** Labels: storage, operation, outcome. */
  duration_seconds: { observe(labels: Record<string, string>, value: number): void };
  /** Labels: storage, operation (put or get). */
  bytes: { inc(labels: Record<string, string>, value: number): void };
};

/** The storage, which counts what it does. */
export function withMetrics(storage: Storage, { duration_seconds, bytes }: StorageMeters): Storage {
  return observed(storage, ({ operation, outcome, elapsed_ms, size_bytes }) => {
    duration_seconds.observe({ storage: storage.id, operation, outcome }, elapsed_ms / 1000);
    if (size_bytes > 0) bytes.inc({ storage: storage.id, operation }, size_bytes);
  });
}
