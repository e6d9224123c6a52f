import type { Contents, VerifyResult, Warning } from "@safebase/contracts";

const NAMED = 5;

/** What a test restore found, beside what the backup held when it was made. */
export type Comparison = Pick<VerifyResult, "tables" | "rows" | "differences" | "warnings">;

/** Every table must be there, no other may be, and where both counts are exact they must be equal. */
export function compare(expected: Contents, found: Contents): Comparison {
  const there = new Map(found.tables.map((table) => [table.name, table]));
  const known = new Set(expected.tables.map(({ name }) => name));
  const differences: VerifyResult["differences"] = [];
  for (const { name, rows, exact } of expected.tables) {
    const table = there.get(name);
    if (table === undefined) differences.push({ table: name, expected_rows: rows, found_rows: null });
    else if (exact && table.exact && table.rows !== rows) differences.push({ table: name, expected_rows: rows, found_rows: table.rows });
  }
  for (const { name, rows } of found.tables) if (!known.has(name)) differences.push({ table: name, expected_rows: null, found_rows: rows });
  return { tables: found.tables.length, rows: found.tables.reduce((sum, { rows }) => sum + rows, 0), differences, warnings: doubts(expected, there) };
}

/** Where the proof is weaker than it looks. */
function doubts(expected: Contents, there: ReadonlyMap<string, Contents["tables"][number]>): Warning[] {
  const both = expected.tables.flatMap((table) => { const found = there.get(table.name); return found === undefined ? [] : [{ name: table.name, table, found }]; });
  const uncounted = both.filter(({ found }) => !found.exact);
  const estimated = both.filter(({ table, found }) => found.exact && !table.exact);
  const empty = estimated.filter(({ table, found }) => table.rows > 0 && found.rows === 0);
  const warn = (code: string, of: readonly { name: string }[], sentence: string): Warning[] => (of.length === 0 ? [] : [{ code, message: `${sentence}: ${named(of)}` }]);
  return [
    ...warn("rows_not_counted", uncounted, "rows were not counted, for they lie elsewhere or may not be read"),
    ...warn("rows_not_compared", estimated, "rows were counted but not compared, for the backup knows only the server's estimate of them"),
    ...warn("empty_after_restore", empty, "these are empty, though the server estimated rows in them when the backup was made"),
  ];
}

function named(tables: readonly { name: string }[]): string {
  const shown = tables.slice(0, NAMED).map(({ name }) => name).join(", ");
  return tables.length > NAMED ? `${shown} and ${tables.length - NAMED} more` : shown;
}
