import { type Contents, SafebaseError } from "@safebase/contracts";
import { inspectTables, isRemote, serverVariable } from "./inspect.ts";
import { markerName, quoteName } from "./names.ts";
import type { MarkerPlace } from "./marker.ts";
import type { Session } from "./session.ts";

/**
 * Drops all that is in the database but our marker, which must never be missing while anything else is: DROP DATABASE
 * would take it along. Tables go first and in one statement, so that another session's lock stops us with all in place.
 */
export async function emptyDatabase(session: Session, place: MarkerPlace): Promise<void> {
  const db = quoteName(place.db_name);
  const marker = markerName(place.tag);
  const objects = (await inspectTables(session, place.db_name)).filter((object) => object.name !== marker);
  const named = (kind: string): string => objects.filter((object) => object.kind === kind).map((object) => `${db}.${quoteName(object.name)}`).join(", ");
  await session.rows("SET SESSION foreign_key_checks = 0");
  for (const kind of ["table", "view", "sequence"]) {
    if (named(kind) !== "") await session.rows(`DROP ${kind.toUpperCase()} IF EXISTS ${named(kind)}`);
  }
  for (const { type, name } of await programs(session, place.db_name)) await session.rows(`DROP ${type} IF EXISTS ${db}.${quoteName(name)}`);
}

/** Routines (functions, procedures, packages of MariaDB), events, and the libraries that MySQL 9 knows. */
export async function programs(session: Session, db_name: string): Promise<{ type: string; name: string }[]> {
  const rows = await session.rows(
    `SELECT ROUTINE_TYPE AS type, ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
     UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`, [db_name, db_name]);
  const known = await session.rows("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'LIBRARIES'");
  const libraries = known.length === 0 ? [] : await session.rows(
    "SELECT 'LIBRARY' AS type, LIBRARY_NAME AS name FROM information_schema.LIBRARIES WHERE LIBRARY_SCHEMA = ?", [db_name]);
  return [...rows, ...libraries].map((row) => ({ type: String(row["type"]), name: String(row["name"]) }));
}

/** The backup's own collation, which routines take when they are made; what is there stays where the server knows no such. */
export async function setCollation(session: Session, db_name: string, collation: unknown): Promise<void> {
  if (typeof collation !== "string") return;
  const known = await session.rows("SHOW COLLATION WHERE `Collation` = ?", [collation]);
  if (known.length > 0) await session.rows(`ALTER DATABASE ${quoteName(db_name)} COLLATE ${quoteName(collation)}`);
}

/** Every table of the manifest must be there, and where its rows are known exactly, all of them. */
export async function checkLoaded(session: Session, db_name: string, contents: Contents): Promise<void> {
  const key = await nameKey(session);
  const loaded = new Set((await inspectTables(session, db_name)).map((table) => key(table.name)));
  const missing = contents.tables.filter((table) => !loaded.has(key(table.name)));
  if (missing.length > 0) throw incomplete(`${missing.length} of ${contents.tables.length} tables are missing after the load, the first is ${missing[0]!.name}`);
  for (const table of contents.tables.filter((candidate) => candidate.exact)) {
    const count = await countRows(session, db_name, table.name);
    if (count !== table.rows) throw incomplete(`${table.name} has ${count} rows after the load, the backup had ${table.rows}`);
  }
}

/** Servers on file systems that do not tell cases apart write names in lower case. */
async function nameKey(session: Session): Promise<(name: string) => string> {
  const folds = await serverVariable(session, "lower_case_table_names") !== "0";
  return (name) => (folds ? name.toLowerCase() : name);
}

/** The tables that were loaded, under the manifest's names, with their rows: all are counted whose rows are here. */
export async function countLoaded(session: Session, place: MarkerPlace, contents: Contents): Promise<Contents> {
  const key = await nameKey(session);
  const names = new Map(contents.tables.map(({ name }) => [key(name), name]));
  const tables: Contents["tables"] = [];
  for (const table of await inspectTables(session, place.db_name)) {
    if (table.kind !== "table" || table.name === markerName(place.tag)) continue;
    const name = names.get(key(table.name)) ?? table.name;
    if (isRemote(table)) tables.push({ name, rows: table.rows_estimate, exact: false });
    else tables.push({ name, rows: await countRows(session, place.db_name, table.name), exact: true });
  }
  return { tables };
}

async function countRows(session: Session, db_name: string, table: string): Promise<number> {
  const [row] = await session.rows(`SELECT COUNT(*) AS count FROM ${quoteName(db_name)}.${quoteName(table)}`);
  return Number(row?.["count"]);
}

function incomplete(sentence: string): SafebaseError {
  return new SafebaseError("restore_failed", sentence);
}
