import { SafebaseError, SCRATCH_PREFIX, type Connection, type ListedDatabase, type ServerReport } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { quoteName } from "./names.ts";
import { openSession, type Session } from "./session.ts";

/** Views of the server's state: there is nothing in them to back up. */
const VIEWS = new Set(["information_schema", "performance_schema", "ndbinfo"]);
const SYSTEM = new Set([...VIEWS, "mysql", "sys"]);

/** Every database that the server shows to this user. Sizes are its estimates. */
export async function listDatabases(connection: Connection, { sizes }: { readonly sizes: boolean }, context: Pick<EngineContext, "signal">): Promise<ServerReport> {
  await using session = await openSession(connection, { db_name: null }, context.signal);
  const rows = await session.rows<{ name: string }>("SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME");
  const known = sizes ? await sizesOf(session) : undefined;
  const databases: ListedDatabase[] = [];
  for (const { name } of rows) {
    const entrance = await enter(session, name);
    if (entrance === "gone") continue;
    databases.push({
      name, standing: standingOf(name), can_connect: entrance === "open" && !VIEWS.has(name.toLowerCase()), size_bytes: known === undefined ? null : known.get(name) ?? 0,
    });
  }
  return { server: session.server, server_version: session.version, databases };
}

/** A folder that is no database, such as `lost+found`, is shown as `#mysql50#lost+found`. */
function standingOf(name: string): ListedDatabase["standing"] {
  if (name.startsWith(SCRATCH_PREFIX)) return "safebase";
  return SYSTEM.has(name.toLowerCase()) || name.startsWith("#mysql50#") ? "system" : "user";
}

/** Who may see the names of all databases may not therefore use them all. */
async function enter(session: Session, name: string): Promise<"open" | "closed" | "gone"> {
  try {
    await session.rows(`USE ${quoteName(name)}`);
    return "open";
  } catch (error) {
    const code = error instanceof SafebaseError ? error.code : undefined;
    if (code === "insufficient_privileges") return "closed";
    if (code === "database_missing") return "gone";
    throw error;
  }
}

async function sizesOf(session: Session): Promise<Map<string, number>> {
  const rows = await session.rows<{ name: string; size_bytes: unknown }>(
    "SELECT TABLE_SCHEMA AS name, SUM(DATA_LENGTH + INDEX_LENGTH) AS size_bytes FROM information_schema.TABLES GROUP BY TABLE_SCHEMA");
  return new Map(rows.map(({ name, size_bytes }) => [name, Number(size_bytes ?? 0)]));
}
