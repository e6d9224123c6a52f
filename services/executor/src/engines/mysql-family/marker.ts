import { markerName, quoteName } from "./names.ts";
import { quoteText, type Session } from "./session.ts";

/** How far a restore with our tag has come. */
export interface Marker {
  readonly state: "loading" | "loaded";
  /** The database was not there before: ours to drop. */
  readonly created_by_us: boolean;
  /** The backup that the restore is of. Another one under the same tag puts the target back after a failure. */
  readonly backup_id: number;
}

/** Where a restore's marker lies: a table beside the loaded ones, for a database cannot be renamed into place. */
export interface MarkerPlace { readonly db_name: string; readonly tag: string }

const full = ({ db_name, tag }: MarkerPlace): string => `${quoteName(db_name)}.${quoteName(markerName(tag))}`;

/** The marker of an earlier run of this very restore, undefined when there is none. */
export async function readMarker(session: Session, place: MarkerPlace): Promise<Marker | undefined> {
  const [row] = await session.rows<{ comment: string }>("SELECT TABLE_COMMENT AS comment FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", [place.db_name, markerName(place.tag)]);
  const found = /^SafeBase (loading|loaded) backup (\d+) into (its own|an existing) database$/.exec(row?.comment ?? "");
  if (found === null) return undefined;
  return { state: found[1] as Marker["state"], backup_id: Number(found[2]), created_by_us: found[3] === "its own" };
}

/** All in the table's comment, so that it is there or not, but never half. */
export async function writeMarker(session: Session, place: MarkerPlace, marker: Marker): Promise<void> {
  const comment = `SafeBase ${marker.state} backup ${marker.backup_id} into ${marker.created_by_us ? "its own" : "an existing"} database`;
  await session.rows(`CREATE TABLE IF NOT EXISTS ${full(place)} (id INT PRIMARY KEY) COMMENT = ${quoteText(comment)}`);
  await session.rows(`ALTER TABLE ${full(place)} COMMENT = ${quoteText(comment)}`);
}

/** Drops the marker if it is there. */
export async function dropMarker(session: Session, place: MarkerPlace): Promise<void> {
  if (await readMarker(session, place) !== undefined) await session.rows(`DROP TABLE IF EXISTS ${full(place)}`);
}
