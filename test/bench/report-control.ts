import type { Report, Table } from "./report.ts";
import type { Asked } from "./control/crowd.ts";
import type { ControlFigures } from "./sections/control.ts";
import { quantile } from "./statistics.ts";

const NAMES = { sqlite: "SQLite", postgresql: "PostgreSQL" };
const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const of = (times_ms: readonly number[], ...parts: number[]): string[] => parts.map((part) => ms(quantile(times_ms, part)));

/** Commands and requests, for each set of processes. */
export function reportControl(figures: readonly ControlFigures[]): Report {
  const [first] = figures;
  if (first === undefined) throw new Error("nothing was measured");
  const { history, together, alone, crowd } = first;
  return {
    name: "control", title: "The control plane", about: `${history.backups.toLocaleString("en")} backups of ${history.databases} databases in the catalog, which is on disk in both cases (fsync)`,
    notes: [
      `Commands: backups of databases of one row, by three executors that run four jobs each, all processes of their own beside NATS on the same machine; from before the POST is sent until a browser hears of \`completed\`. One by one: ${alone.commands}, each after the one before. Together: ${together.commands}, ordered by 16 clients at once; the dumps, with the processes that each starts, share the processors with what is measured.`,
      `Requests: ${crowd.clients} clients at once, each with one request after the other for ${Math.round(crowd.elapsed_ms / 1000)} s: 40 % lists (a page of 50 anywhere), 35 % details of a backup, 15 % dashboards, 10 % orders of a backup, without executors.`,
    ],
    tables: [commandsOf(figures), requestsOf(figures)], goals: [], left_out: [],
  };
}

function commandsOf(figures: readonly ControlFigures[]): Table {
  return {
    head: ["catalog", "commands a second", "together: p50", "p99", "one by one: p50", "p99"],
    rows: figures.map((each) => [
      nameOf(each), (each.together.commands / each.together.elapsed_ms * 1000).toFixed(1), ...of(each.together.times_ms, 0.5, 0.99), ...of(each.alone.times_ms, 0.5, 0.99),
    ]),
  };
}

function requestsOf(figures: readonly ControlFigures[]): Table {
  const asked: readonly Asked[] = ["list", "detail", "dashboard", "POST"];
  return {
    head: ["catalog", "requests a second", ...asked.flatMap((what) => [`${what}: p50`, "p99"])],
    rows: figures.map((each) => {
      const { times_ms, elapsed_ms } = each.crowd;
      const count = Object.values(times_ms).reduce((sum, { length }) => sum + length, 0);
      return [nameOf(each), (count / elapsed_ms * 1000).toFixed(0), ...asked.flatMap((what) => of(times_ms[what], 0.5, 0.99))];
    }),
  };
}

function nameOf({ dialect, gateways }: ControlFigures): string {
  return `${NAMES[dialect]}, ${gateways === 1 ? "one gateway" : `${gateways} gateways`}`;
}
