import { type Contents, SafebaseError } from "@safebase/contracts";
import { RetryableDumpError } from "../engine.ts";
import type { Session } from "./connect.ts";
import { countTables, listTables, type TableFacts } from "./count.ts";
import { DUMPED } from "./inspect.ts";

/** A frozen state of the database: pg_dump reads it, and our own session counts in it meanwhile. */
export interface Snapshot extends AsyncDisposable {
  /** For `--snapshot`; null where the server exports none. */
  readonly id: string | null;
  /** What is in it; thousands of tables take longer to list than to begin with. */
  readonly listing: Promise<Listing>;
  /** Of the listing, once it is there. */
  size_bytes(): number | null;
  /** Waits for the counting to end; estimates stand where it could not go on. */
  contents(): Promise<Contents>;
}

export interface Listing { readonly tables: readonly TableFacts[]; readonly large_objects_bytes: number; readonly size_bytes: number }

/**
 * Freezes the database's state in a session, which it has for itself until disposal, and begins to list and to count.
 * `locked`: no table can be dropped or emptied from before that moment until disposal, whenever the dumps of it begin.
 */
export async function openSnapshot(session: Session, { locked }: { locked: boolean }): Promise<Snapshot> {
  const id = await exportSnapshot(session, locked ? await lockStatements(session) : []);
  let size_bytes: number | null = null;
  let over = false;
  const listing = list(session);
  const counting = listing.then(async ({ tables, ...listed }) => {
    size_bytes = listed.size_bytes;
    return await countTables(session, tables, () => over).then(
      (counts) => ({ tables: counts }),
      () => ({ tables: estimates(tables) }), // the session broke: the dump, which has its own, may yet succeed
    );
  });
  const ended = counting.catch(() => undefined); // whoever asks for the contents is told
  return {
    id, listing, size_bytes: () => size_bytes, contents: () => counting,
    [Symbol.asyncDispose]: async () => {
      over = true;
      await ended;
    },
  };
}

async function list(session: Session): Promise<Listing> {
  const tables = await listTables(session);
  const [large] = await session.query<{ size_bytes: string }>("SELECT pg_table_size('pg_largeobject') AS size_bytes");
  const large_objects_bytes = Number(large?.size_bytes);
  return { tables, large_objects_bytes, size_bytes: tables.reduce((sum, table) => sum + table.size_bytes, large_objects_bytes) };
}

const BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Poolers and some standbys cannot export one: then the dump has its own state, and counts stand beside it. */
async function exportSnapshot(session: Session, locks: readonly string[]): Promise<string | null> {
  await session.query(BEGIN);
  await lock(session, locks);
  try {
    const [row] = await session.query<{ id: string }>("SELECT pg_export_snapshot() AS id");
    return row?.id ?? null;
  } catch {
    await session.query("ROLLBACK"); // throws when it was the connection that failed
    await session.query(BEGIN);
    return null;
  }
}

const LOCKED_AT_ONCE = 500;

/** Each is locked for itself: partitions are in the list. */
async function lockStatements(session: Session): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT format('ONLY %I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND ${DUMPED} ORDER BY c.oid`);
  return Array.from({ length: Math.ceil(rows.length / LOCKED_AT_ONCE) }, (_, at) =>
    `LOCK TABLE ${rows.slice(at * LOCKED_AT_ONCE, (at + 1) * LOCKED_AT_ONCE).map(({ name }) => name).join(", ")} IN ACCESS SHARE MODE`);
}

/**
 * Before the snapshot, which the first query would take: a table that is truncated after it is empty even for those who
 * look at the state before. pg_dump waits a minute for a lock, too.
 */
async function lock(session: Session, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return;
  await session.query("SET LOCAL lock_timeout = '60s'");
  try {
    for (const statement of statements) await session.query(statement);
  } catch (error) {
    if (error instanceof SafebaseError && /does not exist/.test(error.message)) throw new RetryableDumpError(error.code, `a table was dropped while the dump began: ${error.message}`, { cause: error });
    throw error;
  }
}

function estimates(tables: readonly TableFacts[]): Contents["tables"] {
  return tables.map((table) => ({
    name: `${table.schema_name}.${table.table_name}`, rows: Math.round(table.estimated_rows), exact: false,
  }));
}
