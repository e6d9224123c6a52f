import type { Contents } from "@safebase/contracts";
import type { Session } from "./connect.ts";
import { DUMPED } from "./inspect.ts";
import { quoteName } from "./names.ts";

/** Counting must not be felt beside the dump: only small tables, all of them together within these bounds. */
const COUNTED_TABLE_BYTES = 64 * 1024 * 1024;
const COUNTED_TOTAL_BYTES = 512 * 1024 * 1024;
const COUNT_TIMEOUT_MS = 5_000;
const COUNTING_BUDGET_MS = 30_000;

export interface TableFacts {
  readonly schema_name: string;
  readonly table_name: string;
  readonly estimated_rows: number;
  readonly size_bytes: number;
  readonly countable: boolean;
}

/** How a table is named in a backup's contents. */
export const contentsName = (table: Pick<TableFacts, "schema_name" | "table_name">): string => `${table.schema_name}.${table.table_name}`;

/** The tables whose rows a dump holds, the smallest first. */
export async function listTables(session: Session): Promise<TableFacts[]> {
  try {
    return await tablesBySize(session, "pg_table_size(c.oid)");
  } catch {
    // Asking for a size waits for whoever locked the table; the server's own estimate does not.
    await session.query("ROLLBACK TO SAVEPOINT sizes");
    return await tablesBySize(session, "c.relpages::bigint * 8192");
  }
}

async function tablesBySize(session: Session, size: string): Promise<TableFacts[]> {
  await session.query("SAVEPOINT sizes");
  await session.query("SET LOCAL lock_timeout = '2s'");
  const rows = await session.query<Omit<TableFacts, "size_bytes"> & { size_bytes: string }>(
    `SELECT n.nspname AS schema_name, c.relname AS table_name, greatest(c.reltuples, 0)::float8 AS estimated_rows,
       ${size} AS size_bytes, has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid) AS countable
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery()) AND ${DUMPED} ORDER BY 4, 1, 2`);
  await session.query("RELEASE SAVEPOINT sizes");
  return rows.map((row) => ({ ...row, size_bytes: Number(row.size_bytes) }));
}

/** Rows of each table in the session's snapshot: counted where that is cheap, else the server's own estimate. */
export async function countTables(session: Session, tables: readonly TableFacts[], isOver: () => boolean): Promise<Contents["tables"]> {
  const deadline_ms = performance.now() + COUNTING_BUDGET_MS;
  let counted_bytes = 0;
  const contents: Contents["tables"] = [];
  for (const table of tables) {
    counted_bytes += table.size_bytes;
    const cheap = table.countable && table.size_bytes <= COUNTED_TABLE_BYTES && counted_bytes <= COUNTED_TOTAL_BYTES;
    const rows = cheap && performance.now() < deadline_ms && !isOver() ? await tryToCount(session, table) : undefined;
    contents.push({ name: contentsName(table), rows: rows ?? Math.round(table.estimated_rows), exact: rows !== undefined });
  }
  return contents.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined when the count was refused or took too long: the transaction goes on without it. */
async function tryToCount(session: Session, table: TableFacts): Promise<number | undefined> {
  await session.query("SAVEPOINT counting");
  try {
    await session.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
    const rows = await countRows(session, table);
    await session.query("RELEASE SAVEPOINT counting");
    return rows;
  } catch {
    // A broken connection fails here again and is told; a count that was refused is only missing.
    await session.query("ROLLBACK TO SAVEPOINT counting");
    return undefined;
  }
}

/** The table's own rows, not those of its children. */
export async function countRows(session: Session, table: Pick<TableFacts, "schema_name" | "table_name">): Promise<number> {
  const [row] = await session.query<{ rows: string }>(
    `SELECT count(*) AS rows FROM ONLY ${quoteName(table.schema_name)}.${quoteName(table.table_name)}`);
  return Number(row?.rows);
}
