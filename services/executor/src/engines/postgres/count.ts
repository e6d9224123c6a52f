import type { Contents } from "@safebase/contracts";
import type { Session } from "./connect.ts";
import { DUMPED } from "./inspect.ts";
import { quoteName } from "./names.ts";

/** Counting must not be felt beside the dump: only small tables, all of them together within these bounds. */
const COUNTED_TABLE_BYTES = 64 * 1024 * 1024;
const COUNTED_TOTAL_BYTES = 512 * 1024 * 1024;
const COUNT_TIMEOUT_MS = 5_000;
const COUNTING_BUDGET_MS = 30_000;
/** One statement counts so many, and no more than so much. */
const BATCH_TABLES = 100;
const BATCH_BYTES = 8 * 1024 * 1024;

export interface TableFacts {
  readonly schema_name: string;
  readonly table_name: string;
  readonly estimated_rows: number;
  readonly size_bytes: number;
  readonly countable: boolean;
}

/** How a table is named in a backup's contents. */
export const contentsName = (table: Pick<TableFacts, "schema_name" | "table_name">): string => `${table.schema_name}.${table.table_name}`;

/** The tables whose rows a dump holds, the smallest first. Within a transaction. */
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
  const tables = await selectTables(session, size);
  await session.query("RELEASE SAVEPOINT sizes");
  return tables;
}

/** The same without their sizes, which take their time for thousands: all have none. */
export const listUnsized = (session: Session): Promise<TableFacts[]> => selectTables(session, "0");

async function selectTables(session: Session, size: string): Promise<TableFacts[]> {
  const rows = await session.query<Omit<TableFacts, "size_bytes"> & { size_bytes: string }>(
    `SELECT n.nspname AS schema_name, c.relname AS table_name, greatest(c.reltuples, 0)::float8 AS estimated_rows,
       ${size} AS size_bytes, has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid) AS countable
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery()) AND ${DUMPED} ORDER BY 4, 1, 2`);
  return rows.map((row) => ({ ...row, size_bytes: Number(row.size_bytes) }));
}

/** Rows of each table in the session's snapshot: counted where that is cheap, else the server's own estimate. */
export async function countTables(session: Session, tables: readonly TableFacts[], isOver: () => boolean): Promise<Contents["tables"]> {
  const deadline_ms = performance.now() + COUNTING_BUDGET_MS;
  const counted = new Map<TableFacts, number>();
  for (const batch of batches(cheapOnes(tables))) {
    if (performance.now() >= deadline_ms || isOver()) break;
    const together = await tryToCount(session, batch);
    for (const [at, table] of batch.entries()) {
      const [rows] = together === undefined && batch.length > 1 ? await tryToCount(session, [table]) ?? [] : [together?.[at]];
      if (rows !== undefined) counted.set(table, rows);
    }
  }
  return tables.map((table) => {
    const rows = counted.get(table);
    return { name: contentsName(table), rows: rows ?? Math.round(table.estimated_rows), exact: rows !== undefined };
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function cheapOnes(tables: readonly TableFacts[]): TableFacts[] {
  let total_bytes = 0;
  return tables.filter(({ countable, size_bytes }) => {
    total_bytes += size_bytes;
    return countable && size_bytes <= COUNTED_TABLE_BYTES && total_bytes <= COUNTED_TOTAL_BYTES;
  });
}

/** Thousands of small tables cost as many round trips otherwise, and the dump would be over long before. */
function batches(tables: readonly TableFacts[]): TableFacts[][] {
  const made: TableFacts[][] = [];
  let room_bytes = 0;
  for (const table of tables) {
    const last = made.at(-1);
    if (last === undefined || last.length === BATCH_TABLES || table.size_bytes > room_bytes) [room_bytes] = [BATCH_BYTES, made.push([table])];
    else last.push(table);
    room_bytes -= table.size_bytes;
  }
  return made;
}

/** Undefined when the count was refused or took too long: the transaction goes on without it. */
async function tryToCount(session: Session, tables: readonly TableFacts[]): Promise<number[] | undefined> {
  await session.query("SAVEPOINT counting");
  try {
    await session.query(`SET LOCAL statement_timeout = ${COUNT_TIMEOUT_MS}`);
    const rows = await countEach(session, tables);
    await session.query("RELEASE SAVEPOINT counting");
    return rows;
  } catch {
    // A broken connection fails here again and is told; a count that was refused is only missing.
    await session.query("ROLLBACK TO SAVEPOINT counting");
    return undefined;
  }
}

/** The rows of each, whatever its size and however long that takes, many by one statement. */
export async function* countAll(session: Session, tables: readonly TableFacts[]): AsyncGenerator<readonly [TableFacts, number]> {
  for (const batch of batches(tables)) {
    const rows = await countEach(session, batch);
    for (const [at, table] of batch.entries()) yield [table, rows[at] ?? 0];
  }
}

/** The tables' own rows, not those of their children. */
async function countEach(session: Session, tables: readonly Pick<TableFacts, "schema_name" | "table_name">[]): Promise<number[]> {
  const counts = tables.map(({ schema_name, table_name }) => `(SELECT count(*) FROM ONLY ${quoteName(schema_name)}.${quoteName(table_name)})`);
  const [row] = await session.query<{ rows: string[] }>(`SELECT ARRAY[${counts.join(", ")}]::bigint[] AS rows`);
  return (row?.rows ?? []).map(Number);
}
