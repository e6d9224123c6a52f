import type { Report } from "./report.ts";
import type { ApiFigures } from "./sections/api.ts";
import { quantile } from "./statistics.ts";

const P50_MAX_MS = 100;

/** What the pages wait for. */
export function reportApi({ history, requests }: ApiFigures): Report {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return {
    name: "api", title: "What the pages ask for", about: `${history.backups.toLocaleString("en")} backups of ${history.databases} databases in ${history.days} days, in SQLite`,
    notes: ["One request after the other over HTTP on the same machine, from before it is sent until its answer is read."], left_out: [],
    tables: [{ head: ["request", "p50", "p99", "max"], rows: requests.map(({ what, times_ms }) => [what, ...[0.5, 0.99, 1].map((part) => ms(quantile(times_ms, part)))]) }],
    goals: requests.map(({ what, times_ms }) => ({ what: `${what}: p50 < ${P50_MAX_MS} ms`, value: ms(quantile(times_ms, 0.5)), reached: quantile(times_ms, 0.5) < P50_MAX_MS })),
  };
}
