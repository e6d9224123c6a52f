import { megabytes, type Goal, type Report } from "./report.ts";
import type { Rush } from "./schedules.ts";
import { quantile } from "./statistics.ts";

const P99_MAX_MS = 2_000;
const MEMORY_MAX_BYTES = 150e6;

/** Lateness and memory as a table, and which of the goals are reached. */
export function reportRushes(rushes: readonly Rush[]): Report {
  const head = ["schedules, all due at once", "emitted", "doubled", "lateness p50", "p99", "max", "own peak"];
  const rows = rushes.map((rush) => [
    `${rush.schedules} of ${rush.plans} distinct plan${rush.plans === 1 ? "" : "s"}`, String(rush.emitted), String(rush.doubled),
    ...[0.5, 0.99, 1].map((part) => `${Math.round(quantile(rush.lateness_ms, part))} ms`), megabytes(rush.memory.own_bytes),
  ]);
  return { name: "schedules", title: "Many schedules due in one minute", about: "the scheduler as a process of its own, one run", notes: [], tables: [{ head, rows }], goals: rushes.flatMap(goals), left_out: [] };
}

function goals(rush: Rush): Goal[] {
  const of = (text: string): string => `${rush.plans} distinct: ${text}`;
  const p99_ms = quantile(rush.lateness_ms, 0.99);
  return [
    { what: of("all emitted, each once"), value: `${rush.emitted}, ${rush.doubled} doubled`, reached: rush.emitted === rush.schedules && rush.doubled === 0 },
    { what: of(`p99 < ${P99_MAX_MS / 1000} s`), value: `${Math.round(p99_ms)} ms`, reached: rush.emitted > 0 && p99_ms < P99_MAX_MS },
    { what: of(`memory < ${megabytes(MEMORY_MAX_BYTES)}`), value: megabytes(rush.memory.own_bytes), reached: rush.memory.own_bytes < MEMORY_MAX_BYTES },
  ];
}
