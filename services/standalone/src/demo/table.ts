/** One line of what the demo did. */
export interface Step {
  readonly database: string;
  readonly step: string;
  readonly size_bytes?: number;
  readonly time_ms: number;
  readonly check: string;
}

/** The steps as a table for a terminal. */
export function formatSteps(steps: readonly Step[]): string {
  const head = ["database", "step", "size", "time", "check"];
  const rows = steps.map(({ database, step, size_bytes, time_ms, check }) =>
    [database, step, size_bytes === undefined ? "" : formatBytes(size_bytes), `${(time_ms / 1000).toFixed(2)} s`, check]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 2 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join("  ").trimEnd();
  return [line(head), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}

/** A size in the unit that fits, of 1024. */
function formatBytes(size_bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, size_bytes)) / 10));
  return `${(size_bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
