import type { Connection, Contents } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";
import { countTables, listTables, type TableFacts } from "./count.ts";

/** A frozen state of the database: pg_dump reads it, and our own session counts in it meanwhile. */
export interface Snapshot extends AsyncDisposable {
  /** For `--snapshot`; null where the server exports none. */
  readonly id: string | null;
  readonly tables: readonly TableFacts[];
  /** Waits for the counting to end; estimates stand where it could not go on. */
  contents(): Promise<Contents>;
}

/** Freezes the database's state in a session of its own and begins to count. */
export async function openSnapshot(connection: Connection, context: EngineContext): Promise<Snapshot> {
  const session = await openSession(connection, context, { failed: "dump_failed" });
  try {
    const id = await exportSnapshot(session);
    const tables = await listTables(session);
    let over = false;
    const counting = countTables(session, tables, () => over).then(
      (counts) => ({ tables: counts }),
      () => ({ tables: estimates(tables) }), // the session broke: the dump, which has its own, may yet succeed
    );
    return {
      id, tables,
      contents: () => counting,
      [Symbol.asyncDispose]: async () => {
        over = true;
        await counting;
        await session[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

const BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/** Poolers and some standbys cannot export one: then the dump has its own state, and counts stand beside it. */
async function exportSnapshot(session: Session): Promise<string | null> {
  await session.query(BEGIN);
  try {
    const [row] = await session.query<{ id: string }>("SELECT pg_export_snapshot() AS id");
    return row?.id ?? null;
  } catch {
    await session.query("ROLLBACK"); // throws when it was the connection that failed
    await session.query(BEGIN);
    return null;
  }
}

function estimates(tables: readonly TableFacts[]): Contents["tables"] {
  return tables.map((table) => ({
    name: `${table.schema_name}.${table.table_name}`, rows: Math.round(table.estimated_rows), exact: false,
  }));
}
