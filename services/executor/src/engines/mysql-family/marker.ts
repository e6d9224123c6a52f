import { markerName, quoteName } from "./names.ts";
import { quoteText, type Session } from "./session.ts";

/** How far a restore with our tag has come, and whether the database was ours to make. */
export interface Marker { readonly state: "loading" | "loaded"; readonly created_by_us: boolean }

/** Where a restore's marker lies: a table beside the loaded ones, for a database cannot be renamed into place. */
export interface MarkerPlace { readonly db_name: string; readonly tag: string }

const full = ({ db_name, tag }: MarkerPlace): string => `${quoteName(db_name)}.${quoteName(markerName(tag))}`;

/** The marker of an earlier run of this very restore, undefined when there is none. */
export async function readMarker(session: Session, place: MarkerPlace): Promise<Marker | undefined> {
  const there = await session.rows("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", [place.db_name, markerName(place.tag)]);
  if (there.length === 0) return undefined;
  const [row] = await session.rows(`SELECT state, created_by_us FROM ${full(place)}`);
  // Killed between making the table and filling it: only a database of our own has nothing else in it.
  if (row === undefined) return { state: "loading", created_by_us: await holdsOnlyMarker(session, place) };
  return { state: row["state"] === "loaded" ? "loaded" : "loading", created_by_us: Number(row["created_by_us"]) === 1 };
}

/** Marks the empty database as being loaded. */
export async function writeMarker(session: Session, place: MarkerPlace, created_by_us: boolean): Promise<void> {
  await session.rows(`CREATE TABLE ${full(place)} (id INT PRIMARY KEY, state VARCHAR(10) NOT NULL, created_by_us TINYINT NOT NULL)
    COMMENT = ${quoteText("SafeBase is restoring into this database; dropped when done")}`);
  await session.rows(`INSERT INTO ${full(place)} VALUES (1, 'loading', ?)`, [created_by_us ? 1 : 0]);
}

/** From here on a second run has nothing left to do. */
export async function markLoaded(session: Session, place: MarkerPlace): Promise<void> {
  await session.rows(`UPDATE ${full(place)} SET state = 'loaded' WHERE id = 1`);
}

/** Drops the marker if it is there. */
export async function dropMarker(session: Session, place: MarkerPlace): Promise<void> {
  const there = await session.rows("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", [place.db_name, markerName(place.tag)]);
  if (there.length > 0) await session.rows(`DROP TABLE IF EXISTS ${full(place)}`);
}

async function holdsOnlyMarker(session: Session, { db_name }: MarkerPlace): Promise<boolean> {
  const [row] = await session.rows(
    `SELECT (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?)
          + (SELECT COUNT(*) FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?)
          + (SELECT COUNT(*) FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?) AS objects`, [db_name, db_name, db_name]);
  return Number(row?.["objects"]) === 1;
}
