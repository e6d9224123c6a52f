import type { Comparison, Series } from "./compare.ts";
import type { Growth } from "./growth.ts";
import { ratio, summarize, type Field } from "./statistics.ts";
import { formatTable, megabytes, seconds } from "./table.ts";

const RATIO_MAX = 1.1;
const GZIP_RATIO_MIN = 2;
const MEMORY_MAX_BYTES = 40e6;

/** One engine's figures as tables, and which of the goals they reach. */
export function reportComparison(found: Comparison): string {
  const raw_bytes = found.backup.flatMap((series) => series.runs.map((run) => run.raw_size_bytes)).find((size) => typeof size === "number") ?? found.size_bytes;
  return [
    `\n${found.server}, ${megabytes(raw_bytes)} of dump\n`,
    formatTable(HEAD("backup"), rows(found.backup, raw_bytes)), "",
    formatTable(HEAD("restore, new database"), rows(found.restore, raw_bytes)), "",
    ...goals(found), "",
  ].join("\n");
}

const HEAD = (what: string): string[] => [what, "median", "min – max", "ratio", "stored", "own peak", "children"];
const PARTS: [Field, string][] = [["elapsed_ms", ""], ["synced_ms", "  … and sync file"], ["inner_ms", "  … started_at → finished_at"]];

function rows(all: readonly Series[], raw_bytes: number): string[][] {
  const [bare] = all as [Series, ...Series[]];
  return all.flatMap((series) => PARTS.flatMap(([field, label]) => {
    const summary = summarize(series.runs, field);
    if (summary === undefined) return [];
    const times = [seconds(summary.median_ms), `${seconds(summary.min_ms)} – ${seconds(summary.max_ms)}`, ratio(series, bare, field).toFixed(2)];
    return [[label === "" ? series.name : label, ...times, ...(label === "" ? storedAndPeaks(series, raw_bytes) : ["", "", ""])]];
  }));
}

function storedAndPeaks({ runs }: Series, raw_bytes: number): string[] {
  const stored = runs[0]?.size_bytes;
  const peak = (of: "own_bytes" | "children_bytes"): string => {
    const seen = runs.map((run) => run.memory?.[of]).filter((value) => value !== undefined);
    return seen.length === 0 ? "" : megabytes(Math.max(...seen));
  };
  return [stored === undefined ? "" : `${megabytes(stored)} (${(raw_bytes / stored).toFixed(1)}×)`, peak("own_bytes"), peak("children_bytes")];
}

function goals({ backup, restore, idle_bytes }: Comparison): string[] {
  const [bare, ours, , gzip, zip] = backup as [Series, Series, Series, Series, Series];
  const [bareRestore, ourRestore] = restore as [Series, Series];
  const peak_bytes = Math.max(...[...ours.runs, ...ourRestore.runs].map((run) => run.memory?.own_bytes ?? 0));
  const atMost = (what: string, value: number): string => goal(`${what} ≤ ${RATIO_MAX.toFixed(2)} ×`, `${value.toFixed(3)} ×`, value <= RATIO_MAX);
  const faster = (what: string, value: number): string => goal(`≥ ${GZIP_RATIO_MIN} × faster than ${what}`, `${value.toFixed(1)} ×`, value >= GZIP_RATIO_MIN);
  return [
    atMost("backup job / bare zstd pipeline", ratio(ours, bare)),
    atMost("backup job / bare zstd pipeline and sync", ratio(ours, bare, "elapsed_ms", "synced_ms")),
    faster("| gzip -6", ratio(gzip, ours)),
    faster("| zip", ratio(zip, ours)),
    atMost("restore job / bare restore", ratio(ourRestore, bareRestore)),
    memoryGoal(idle_bytes, peak_bytes),
  ];
}

/** The growth check as a table, and whether it reaches the goals. */
export function reportGrowth({ engine, idle_bytes, sizes }: Growth): string {
  const head = [`${engine}: idle ${megabytes(idle_bytes)}`, "backup: own peak", "children", "restore: own peak", "children"];
  const lines = sizes.map(({ size_bytes, backup, restore }) =>
    [`${megabytes(size_bytes)} of SQL`, ...[backup, restore].flatMap((peak) => [megabytes(peak.own_bytes), megabytes(peak.children_bytes)])]);
  const peak = (at: Growth["sizes"][number] | undefined): number => Math.max(at?.backup.own_bytes ?? 0, at?.restore.own_bytes ?? 0);
  const growth_bytes = peak(sizes.at(-1)) - peak(sizes[0]);
  return ["", formatTable(head, lines), "", memoryGoal(idle_bytes, Math.max(...sizes.map(peak))),
    `  from the small to the large database the peak changed by ${megabytes(growth_bytes)}`, ""].join("\n");
}

function memoryGoal(idle_bytes: number, peak_bytes: number): string {
  const over_bytes = peak_bytes - idle_bytes;
  return goal(`own memory ≤ idle + ${megabytes(MEMORY_MAX_BYTES)}`, `idle ${megabytes(idle_bytes)} + ${megabytes(over_bytes)}`, over_bytes <= MEMORY_MAX_BYTES);
}

const goal = (what: string, value: string, reached: boolean): string => `  ${reached ? "reached    " : "NOT REACHED"}  ${what}: ${value}`;
