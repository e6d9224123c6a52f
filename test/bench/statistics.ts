import type { Series } from "./compare.ts";
import type { Run } from "./variant.ts";

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

/** How many times as long as the other: by the medians of both. */
export function ratio(of: Series, to: Series, field: Field = "elapsed_ms", toField: Field = "elapsed_ms"): number {
  return (summarize(of.runs, field)?.median_ms ?? Number.NaN) / (summarize(to.runs, toField)?.median_ms ?? Number.NaN);
}
