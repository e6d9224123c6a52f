import type { Manifest } from "@safebase/artifact";
import { type Connection, type Contents, SafebaseError } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";
import { contentsName, countAll, listUnsized } from "./count.ts";
import { enumerate } from "./inspect.ts";

/**
 * Compares what was loaded with the manifest: every table is there, and where the backup's count is exact, so many
 * rows. A plain dump that was cut inside COPY loads without an error: this is where it shows.
 */
export async function checkLoaded(connection: Connection, context: EngineContext, side: string, contents: Contents): Promise<void> {
  await using session = await openSession(connection, context, { failed: "restore_failed", db_name: side });
  await session.query(READ_ONLY);
  const loaded = new Map((await listUnsized(session)).map((table) => [contentsName(table), table]));
  const missing = contents.tables.filter((table) => !loaded.has(table.name));
  if (missing.length > 0) throw differs(`tables are missing: ${enumerate(missing.map((table) => table.name))}`);
  const expected = new Map(contents.tables.filter(({ exact }) => exact).map(({ name, rows }) => [name, rows]));
  const counted = [...loaded.values()].filter((table) => table.countable && expected.has(contentsName(table)));
  for await (const [table, rows] of countAll(session, counted)) {
    const name = contentsName(table);
    if (rows !== expected.get(name)) throw differs(`${name} has ${rows} rows instead of ${expected.get(name)}`);
  }
}

/** The tables that were loaded, with their rows: all that may be read are counted, whatever their size. */
export async function countLoaded(connection: Connection, context: EngineContext, side: string, { warnings }: Manifest): Promise<Contents> {
  await using session = await openSession(connection, context, { failed: "restore_failed", db_name: side });
  await session.query(READ_ONLY);
  const left_out = warnings.some(({ code }) => code === "unlogged_on_standby") ? await unloggedTables(session) : new Set<string>();
  const listed = (await listUnsized(session)).filter((table) => !left_out.has(contentsName(table)));
  const tables: Contents["tables"] = listed.filter(({ countable }) => !countable)
    .map((table) => ({ name: contentsName(table), rows: Math.round(table.estimated_rows), exact: false }));
  for await (const [table, rows] of countAll(session, listed.filter(({ countable }) => countable))) tables.push({ name: contentsName(table), rows, exact: true });
  return { tables };
}

/** Each statement is a transaction: the locks of all tables at once may be more than the server has room for. */
const READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";

/** A standby has no rows of them, so a backup of one does not name them as contents. */
async function unloggedTables(session: Session): Promise<Set<string>> {
  const rows = await session.query<{ name: string }>(
    "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence = 'u'");
  return new Set(rows.map((row) => row.name));
}

function differs(how: string): SafebaseError {
  return new SafebaseError("restore_failed", `what was loaded is not what was backed up: ${how}`);
}
