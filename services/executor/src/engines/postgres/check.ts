import type { Manifest } from "@safebase/artifact";
import { type Connection, type Contents, SafebaseError } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";
import { contentsName, countRows, listTables } from "./count.ts";
import { enumerate } from "./inspect.ts";

/**
 * Compares what was loaded with the manifest: every table is there, and where the backup's count is exact, so many
 * rows. A plain dump that was cut inside COPY loads without an error: this is where it shows.
 */
export async function checkLoaded(connection: Connection, context: EngineContext, side: string, contents: Contents): Promise<void> {
  await using session = await openSession(connection, context, { failed: "restore_failed", db_name: side });
  await session.query("BEGIN READ ONLY");
  const loaded = new Map((await listTables(session)).map((table) => [contentsName(table), table]));
  const missing = contents.tables.filter((table) => !loaded.has(table.name));
  if (missing.length > 0) throw differs(`tables are missing: ${enumerate(missing.map((table) => table.name))}`);
  for (const expected of contents.tables) {
    const table = loaded.get(expected.name);
    if (table === undefined || !expected.exact || !table.countable) continue;
    await compare(session, table, expected);
  }
}

/** The tables that were loaded, with their rows: all that may be read are counted, whatever their size. */
export async function countLoaded(connection: Connection, context: EngineContext, side: string, { warnings }: Manifest): Promise<Contents> {
  await using session = await openSession(connection, context, { failed: "restore_failed", db_name: side });
  await session.query("BEGIN READ ONLY");
  const left_out = warnings.some(({ code }) => code === "unlogged_on_standby") ? await unloggedTables(session) : new Set<string>();
  const tables: Contents["tables"] = [];
  for (const table of await listTables(session)) {
    const name = contentsName(table);
    if (left_out.has(name)) continue;
    tables.push({ name, rows: table.countable ? await countRows(session, table) : Math.round(table.estimated_rows), exact: table.countable });
  }
  return { tables };
}

/** A standby has no rows of them, so a backup of one does not name them as contents. */
async function unloggedTables(session: Session): Promise<Set<string>> {
  const rows = await session.query<{ name: string }>(
    "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence = 'u'");
  return new Set(rows.map((row) => row.name));
}

async function compare(session: Session, table: Parameters<typeof countRows>[1], expected: Contents["tables"][number]): Promise<void> {
  const rows = await countRows(session, table);
  if (rows !== expected.rows) throw differs(`${expected.name} has ${rows} rows instead of ${expected.rows}`);
}

function differs(how: string): SafebaseError {
  return new SafebaseError("restore_failed", `what was loaded is not what was backed up: ${how}`);
}
