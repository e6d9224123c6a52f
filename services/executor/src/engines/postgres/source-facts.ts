import { z } from "zod";
import type { Session } from "./connect.ts";
import { localeColumns } from "./databases.ts";

/** What a restore must know of the source before it reads the first byte; part of the manifest. */
export const SourceFacts = z.object({
  encoding: z.string(), collate: z.string(), ctype: z.string(), provider: z.string(),
  locale: z.string().nullable(), icu_rules: z.string().nullable(),
  /** Roles that own something, and all that the dump names (owners, grantees, policies). */
  owners: z.array(z.string()), roles: z.array(z.string()),
  extensions: z.array(z.string()),
});
export type SourceFacts = z.infer<typeof SourceFacts>;

/** What belongs to an extension is made by it, for whomever it wants. */
const ofExtension = (catalog: string, oid: string): string =>
  `EXISTS (SELECT FROM pg_depend e WHERE e.classid = ${catalog} AND e.objid = ${oid} AND e.deptype = 'e')`;

/** The bootstrap superuser's objects are not in pg_shdepend, for nobody can drop him. */
const OWNED_BY_BOOTSTRAP = `SELECT pg_get_userbyid(10)::text AS name, true AS owns WHERE ${
  [["pg_class", "relowner"], ["pg_proc", "proowner"], ["pg_namespace", "nspowner"], ["pg_type", "typowner"]].map(([catalog, owner]) =>
    `EXISTS (SELECT FROM ${catalog} o WHERE o.${owner} = 10 AND o.oid >= 16384 AND NOT ${ofExtension(`'${catalog}'::regclass`, "o.oid")})`).join(" OR ")}`;

/** Reads them from the database that the session is in. */
export async function readSourceFacts(session: Session): Promise<SourceFacts> {
  const [locale] = await session.query(`SELECT ${localeColumns(session.server.num)} FROM pg_database d WHERE d.datname = current_database()`);
  const roles = await session.query<{ name: string; owns: boolean }>(
    `SELECT pg_get_userbyid(s.refobjid)::text AS name, bool_or(s.deptype = 'o') AS owns FROM pg_shdepend s
       JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
     WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype IN ('o', 'a', 'r') AND s.refobjid >= 16384
       AND s.classid <> 'pg_extension'::regclass AND NOT ${ofExtension("s.classid", "s.objid")} GROUP BY 1
     UNION ${OWNED_BY_BOOTSTRAP} ORDER BY 1`);
  const extensions = await session.query<{ name: string }>("SELECT extname::text AS name FROM pg_extension ORDER BY 1");
  return SourceFacts.parse({
    ...locale, owners: roles.filter((role) => role.owns).map((role) => role.name), roles: roles.map((role) => role.name),
    extensions: extensions.map((extension) => extension.name),
  });
}
