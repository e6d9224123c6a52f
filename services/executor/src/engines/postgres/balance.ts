import type { TableFacts } from "./count.ts";

/** Names stand in arguments, and pg_dump looks for each by itself: only the largest tables are named. */
const NAMED_MAX = 200;

/**
 * Spreads tables over parts of about the same size: the largest first, each to the part that has least. The last part
 * holds `rest_bytes` and every table that is in no list: what is not named can be forgotten by nobody. Answers the lists
 * of the others; none is empty.
 */
export function balance(tables: readonly TableFacts[], rest_bytes: number, parts: number): TableFacts[][] {
  const bySize = tables.filter(({ size_bytes }) => size_bytes > 0).sort((a, b) => b.size_bytes - a.size_bytes);
  const unnamed_bytes = bySize.slice(NAMED_MAX).reduce((sum, table) => sum + table.size_bytes, rest_bytes);
  const bins = Array.from({ length: parts - 1 }, () => ({ tables: [] as TableFacts[], size_bytes: 0 }));
  const rest = { tables: [] as TableFacts[], size_bytes: unnamed_bytes };
  for (const table of bySize.slice(0, NAMED_MAX)) {
    const least = [...bins, rest].reduce((a, b) => (b.size_bytes < a.size_bytes ? b : a));
    least.tables.push(table);
    least.size_bytes += table.size_bytes;
  }
  return bins.map((bin) => bin.tables).filter((named) => named.length > 0);
}
