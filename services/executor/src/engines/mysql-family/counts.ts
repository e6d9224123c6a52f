import { type Connection, type Contents, SafebaseError } from "@safebase/contracts";
import { inspectTables, type TableFacts } from "./inspect.ts";
import { quoteName } from "./names.ts";
import { limitedSelect, openSession, type Session } from "./session.ts";

/** Larger tables are left to the server's estimate: counting must not compete with the dump. */
const COUNTED_TABLE_BYTES = 64 * 1024 * 1024;
const COUNTING_BUDGET_MS = 2_000;

/** Row counts of small tables, with the time of their last change as far as the server knows it. */
export type Counts = ReadonlyMap<string, { readonly rows: number; readonly updated_at: string | null }>;

/** Counts the small tables, smallest first, until the time is up. */
export async function countSmallTables(session: Session, db_name: string, tables: readonly TableFacts[]): Promise<Counts> {
  const small = tables.filter((table) => table.kind === "table" && table.data_bytes <= COUNTED_TABLE_BYTES)
    .sort((a, b) => a.data_bytes - b.data_bytes);
  const counts = new Map<string, { rows: number; updated_at: string | null }>();
  const deadline_ms = performance.now() + COUNTING_BUDGET_MS;
  for (const table of small) {
    const left_ms = Math.floor(deadline_ms - performance.now());
    if (left_ms < 1) break;
    const rows = await countRows(session, db_name, table.name, left_ms);
    if (rows !== undefined) counts.set(table.name, { rows, updated_at: table.updated_at });
  }
  return counts;
}

/** Undefined when it took too long or the table cannot be read: the dump itself says what is wrong with it. */
async function countRows(session: Session, db_name: string, table: string, limit_ms: number): Promise<number | undefined> {
  const name = `${quoteName(db_name)}.${quoteName(table)}`;
  return limitedSelect(session, `COUNT(*) AS count FROM ${name}`, limit_ms).then(([row]) => Number(row?.["count"]), (error: unknown) => {
    if (error instanceof SafebaseError && error.code !== "unreachable") return undefined;
    throw error;
  });
}

/**
 * What the dump holds. No snapshot can be shared with the client without locking all tables, so small tables are
 * counted before and after the dump: where neither the count nor the time of the last change differ, the dump saw the
 * same. Of the others stands what was counted last or estimated, and that it is not exact.
 */
export async function contentsAfter(connection: Connection, before: Counts, signal: AbortSignal): Promise<Contents> {
  await using session = await openSession(connection, { db_name: connection.db_name }, signal);
  const counted = new Set(before.keys());
  const first = await inspectTables(session, connection.db_name);
  const after = await countSmallTables(session, connection.db_name, first.filter((table) => counted.has(table.name)));
  const last = await inspectTables(session, connection.db_name);
  return {
    tables: last.filter((table) => table.kind === "table").map((table) => {
      const [earlier, later] = [before.get(table.name), after.get(table.name)];
      const exact = earlier !== undefined && earlier.rows === later?.rows && earlier.updated_at === table.updated_at;
      return { name: table.name, rows: later?.rows ?? table.rows_estimate, exact };
    }),
  };
}
