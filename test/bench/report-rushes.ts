import type { Rush } from "./schedules.ts";
import { formatTable, megabytes } from "./table.ts";

const P99_MAX_MS = 2_000;
const MEMORY_MAX_BYTES = 150e6;

/** Lateness and memory as a table, and which of the goals are reached. */
export function reportRushes(rushes: readonly Rush[]): string {
  const head = ["schedules, all due at once", "emitted", "doubled", "lateness p50", "p99", "max", "own peak"];
  const rows = rushes.map((rush) => [
    `${rush.schedules} of ${rush.plans} distinct plan${rush.plans === 1 ? "" : "s"}`, String(rush.emitted), String(rush.doubled),
    ...[0.5, 0.99, 1].map((part) => `${Math.round(quantile(rush.lateness_ms, part))} ms`), megabytes(rush.memory.own_bytes),
  ]);
  return ["", formatTable(head, rows), "", ...rushes.flatMap(goals), ""].join("\n");
}

function goals(rush: Rush): string[] {
  const goal = (what: string, reached: boolean): string => `  ${reached ? "reached    " : "NOT REACHED"}  ${rush.plans} distinct: ${what}`;
  return [
    goal("all emitted, each once", rush.emitted === rush.schedules && rush.doubled === 0),
    goal(`p99 < ${P99_MAX_MS / 1000} s`, rush.emitted > 0 && quantile(rush.lateness_ms, 0.99) < P99_MAX_MS),
    goal(`memory < ${megabytes(MEMORY_MAX_BYTES)}`, rush.memory.own_bytes < MEMORY_MAX_BYTES),
  ];
}

/** The value that so large a part of the sorted ones does not exceed. */
function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}
