import { type Contents, SafebaseError } from "@safebase/contracts";
import { inspectTables, serverVariable } from "./inspect.ts";
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
  const folds = await serverVariable(session, "lower_case_table_names") !== "0";
  const key = (name: string): string => (folds ? name.toLowerCase() : name);
  const loaded = new Set((await inspectTables(session, db_name)).map((table) => key(table.name)));
  const missing = contents.tables.filter((table) => !loaded.has(key(table.name)));
  if (missing.length > 0) throw incomplete(`${missing.length} of ${contents.tables.length} tables are missing after the load, the first is ${missing[0]!.name}`);
  for (const table of contents.tables.filter((candidate) => candidate.exact)) {
    const [row] = await session.rows(`SELECT COUNT(*) AS count FROM ${quoteName(db_name)}.${quoteName(table.name)}`);
    const count = Number(row?.["count"]);
    if (count !== table.rows) throw incomplete(`${table.name} has ${count} rows after the load, the backup had ${table.rows}`);
  }
}

function incomplete(sentence: string): SafebaseError {
  return new SafebaseError("restore_failed", sentence);
}
