import type { LoadTime } from "../catalog/restores.ts";

/** How long a load of so many bytes takes, as earlier ones did; null where nothing is known. A smaller one saves nothing that is sure. */
export function estimateOf(loads: readonly LoadTime[], raw_size_bytes: number | null): number | null {
  const estimates = loads.map((load) => load.duration_ms * Math.max(1, load.raw_size_bytes === 0 ? 1 : (raw_size_bytes ?? 0) / load.raw_size_bytes)).toSorted((one, other) => one - other);
  const middle = estimates[Math.floor(estimates.length / 2)];
  return middle === undefined ? null : Math.round(middle);
}
