import type { Run, Series } from "./variant.ts";

export type Field = "elapsed_ms" | "synced_ms" | "inner_ms";

export interface Summary { readonly median_ms: number; readonly min_ms: number; readonly max_ms: number }

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** One field over all runs of a variant; undefined when that variant has no such field. */
export function summarize(runs: readonly Run[], field: Field): Summary | undefined {
  const values = runs.map((run) => run[field]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : { median_ms: median(values), min_ms: Math.min(...values), max_ms: Math.max(...values) };
}

export interface Ratio { readonly of_medians: number; readonly of_minima: number }

/** How many times as long as the other: by the medians of both, and by the best run of each. */
export function ratio(of: Series, to: Series, field: Field = "elapsed_ms"): Ratio {
  const [above, below] = [summarize(of.runs, field), summarize(to.runs, "elapsed_ms")];
  const divide = (name: keyof Summary): number => (above?.[name] ?? Number.NaN) / (below?.[name] ?? Number.NaN);
  return { of_medians: divide("median_ms"), of_minima: divide("min_ms") };
}

/** The value that so large a part of the sorted ones does not exceed. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
