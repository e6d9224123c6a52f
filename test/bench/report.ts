/** What is shown of one part of the bench, on the terminal and on the page. */
export interface Report {
  readonly name: string;
  readonly title: string;
  /** What it was measured with, beside the machine. */
  readonly about: string;
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly left_out: readonly { readonly what: string; readonly reason: string }[];
}

export interface Table { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** What was to be reached, and what was found. */
export interface Goal { readonly what: string; readonly value: string; readonly reached: boolean }

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** For the terminal. */
export function formatReport({ title, about, notes, tables, goals, left_out }: Report): string {
  return [
    `\n${title} (${about})`, ...notes.map((note) => `  ${note}`),
    ...tables.map((table) => `\n${formatTable(table)}`), "",
    ...goals.map(({ what, value, reached }) => `  ${reached ? "reached    " : "NOT REACHED"}  ${what}: ${value}`),
    ...left_out.map(({ what, reason }) => `  left out     ${what}: ${reason}`), "",
  ].join("\n");
}

/** Rows as aligned columns, the first to the left, the others to the right. */
function formatTable({ head, rows }: Table): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ").trimEnd();
  return [line(head), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
