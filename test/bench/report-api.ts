import { DIALECTS } from "./data/history.ts";
import type { Report } from "./report.ts";
import type { ApiFigures } from "./sections/api.ts";
import { quantile } from "./statistics.ts";

const P50_MAX_MS = 100;
const NAMES = { sqlite: "SQLite", postgresql: "PostgreSQL" };

/** What the pages wait for. */
export function reportApi({ history, requests }: ApiFigures): Report {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return {
    name: "api", title: "What the pages ask for", about: `${history.backups.toLocaleString("en")} backups of ${history.databases} databases in ${history.days} days, in SQLite and in PostgreSQL, both on disk (fsync)`,
    notes: ["One request after the other over HTTP on the same machine, from before it is sent until its answer is read."], left_out: [],
    tables: [{
      head: ["request", "SQLite: p50", "p99", "max", "PostgreSQL: p50", "p99", "max"],
      rows: requests.map(({ what, times_ms }) => [what, ...DIALECTS.flatMap((dialect) => [0.5, 0.99, 1].map((part) => ms(quantile(times_ms[dialect], part))))]),
    }],
    goals: DIALECTS.flatMap((dialect) => requests.map(({ what, times_ms }) => {
      const p50_ms = quantile(times_ms[dialect], 0.5);
      return { what: `${NAMES[dialect]}: ${what}: p50 < ${P50_MAX_MS} ms`, value: ms(p50_ms), reached: p50_ms < P50_MAX_MS };
    })),
  };
}
