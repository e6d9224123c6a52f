import { compareVersions } from "../../clients/index.ts";
import { inspectTables } from "./inspect.ts";
import type { MarkerPlace } from "./marker.ts";
import { markerName, quoteName } from "./names.ts";
import { quoteText, type Session } from "./session.ts";
import { programs } from "./target.ts";

/**
 * A run that dies between making a database and marking it leaves an empty one, which might be anybody's. MariaDB's
 * databases have a comment from their first moment on, and by it ours is known. MySQL's have nothing to tell them by:
 * there the next run says that the name is taken.
 */
const hasComments = (session: Session): boolean => session.flavour === "mariadb" && compareVersions(session.version, "10.5") >= 0;

const commentOf = (place: MarkerPlace): string => `SafeBase ${markerName(place.tag)}`;

/** Makes the database, with the comment until the marker stands in it. */
export async function createDatabase(session: Session, place: MarkerPlace): Promise<void> {
  await session.rows(`CREATE DATABASE ${quoteName(place.db_name)}${hasComments(session) ? ` COMMENT = ${quoteText(commentOf(place))}` : ""}`);
}

/**
 * Is it a database that a run with our tag made and did not come to mark? A scratch database's name is chosen by chance
 * for one verification: an empty one of that name, where servers know no comment, is what a run of it has made.
 */
export async function isOursUnmarked(session: Session, place: MarkerPlace, scratch: boolean): Promise<boolean> {
  return (hasComments(session) ? await hasOurComment(session, place) : scratch)
    && (await inspectTables(session, place.db_name)).length === 0 && (await programs(session, place.db_name)).length === 0;
}

/** Takes the comment away when the marker is there. */
export async function dropComment(session: Session, place: MarkerPlace): Promise<void> {
  if (await hasOurComment(session, place)) await session.rows(`ALTER DATABASE ${quoteName(place.db_name)} COMMENT = ''`);
}

async function hasOurComment(session: Session, place: MarkerPlace): Promise<boolean> {
  if (!hasComments(session)) return false;
  const [row] = await session.rows("SELECT SCHEMA_COMMENT AS comment FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [place.db_name]);
  return row?.["comment"] === commentOf(place);
}
