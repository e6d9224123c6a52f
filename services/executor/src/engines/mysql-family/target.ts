import { type Connection, type Contents, SafebaseError } from "@safebase/contracts";
import { defaultCollation } from "./counts.ts";
import { inspectTables, serverVariable } from "./inspect.ts";
import { type MarkerPlace, writeMarker } from "./marker.ts";
import { quoteName } from "./names.ts";
import { openSession, type Session } from "./session.ts";

interface EmptyOptions {
  readonly exists: boolean;
  readonly created_by_us: boolean;
  readonly collation: string | undefined;
}

/**
 * Leaves an empty database of that name with our marker in it. Rights on a database are kept by name and outlive it.
 * It gets the collation that the backup's had, for routines and columns take it; else the one that was there.
 */
export async function emptyTarget(session: Session, place: MarkerPlace, { exists, created_by_us, collation }: EmptyOptions): Promise<void> {
  const name = quoteName(place.db_name);
  const known = await knownCollation(session, collation) ?? (exists ? await defaultCollation(session, place.db_name) : undefined);
  if (exists) await session.rows(`DROP DATABASE ${name}`);
  await session.rows(`CREATE DATABASE ${name}${known === undefined ? "" : ` COLLATE ${quoteName(known)}`}`);
  await writeMarker(session, place, created_by_us);
}

async function knownCollation(session: Session, collation: string | undefined): Promise<string | undefined> {
  if (collation === undefined) return undefined;
  const rows = await session.rows("SHOW COLLATION WHERE `Collation` = ?", [collation]);
  return rows.length > 0 ? collation : undefined;
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

/** Puts the server's limit back, unless someone has set another one meanwhile. */
export async function restorePacketLimit(connection: Connection, limit_bytes: number): Promise<void> {
  await using session = await openSession(connection, { db_name: null });
  if (await serverVariable(session, "max_allowed_packet") === String(1024 ** 3)) {
    await session.rows(`SET GLOBAL max_allowed_packet = ${limit_bytes}`);
  }
}

function incomplete(sentence: string): SafebaseError {
  return new SafebaseError("restore_failed", sentence);
}
