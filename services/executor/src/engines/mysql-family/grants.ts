import type { Session } from "./session.ts";

/** What the connected user may do, with all active roles, as the server itself lists it. */
export interface Grants {
  /** On everything in the database, by a global or a database-wide grant. */
  onDatabase(privilege: string, db_name: string): boolean;
  /** On one table, by any grant that reaches it. */
  onTable(privilege: string, db_name: string, table: string): boolean;
  globally(...privileges: readonly string[]): boolean;
}

interface Grant { readonly revoked: boolean; readonly privileges: ReadonlySet<string>; readonly db: string; readonly table: string }

/** Reads `SHOW GRANTS`: on both families it includes the roles that are active in this session. */
export async function readGrants(session: Session): Promise<Grants> {
  const rows = await session.rows("SHOW GRANTS");
  return parseGrants(rows.map((row) => String(Object.values(row)[0])));
}

/** The same from the lines themselves. */
export function parseGrants(lines: readonly string[]): Grants {
  const grants = lines.map(parseLine).filter((grant) => grant !== undefined);
  const global = (privilege: string): boolean => grants.some((grant) => !grant.revoked && isGlobal(grant) && covers(grant, privilege));
  const onDatabase = (privilege: string, db_name: string): boolean => {
    // MySQL's partial revokes take a database out of a global grant.
    const revoked = grants.some((grant) => grant.revoked && grant.db === db_name && covers(grant, privilege));
    return (global(privilege) && !revoked) || databaseGrants(grants, db_name).some((grant) => covers(grant, privilege));
  };
  return {
    onDatabase,
    onTable: (privilege, db_name, table) => onDatabase(privilege, db_name)
      || grants.some((grant) => !grant.revoked && grant.db === db_name && grant.table === table && covers(grant, privilege)),
    globally: (...privileges) => privileges.some(global),
  };
}

/** `GRANT SELECT, INSERT (a, b) ON `db`.* TO …`; lines about roles, proxies and routines say nothing of tables. */
function parseLine(line: string): Grant | undefined {
  const match = /^(GRANT|REVOKE) (.+?) ON (?:TABLE )?(\*|`(?:[^`]|``)*`)\.(\*|`(?:[^`]|``)*`) (?:TO|FROM) /s.exec(line);
  if (match === null) return undefined;
  const [, verb, list, db, table] = match;
  // A grant on some columns only does not let a dump read the table.
  const privileges = list!.replace(/[A-Z ]+\([^)]*\)(?:, )?/g, "").split(", ").map((privilege) => privilege.trim());
  return { revoked: verb === "REVOKE", privileges: new Set(privileges), db: unquote(db!), table: unquote(table!) };
}

function unquote(name: string): string {
  return name === "*" ? name : name.slice(1, -1).replaceAll("``", "`");
}

const isGlobal = (grant: Grant): boolean => grant.db === "*" && grant.table === "*";

/** Dynamic privileges (SHOW_ROUTINE, …) are listed on their own, beside ALL or instead of it. */
function covers(grant: Grant, privilege: string): boolean {
  return grant.privileges.has(privilege) || grant.privileges.has("ALL PRIVILEGES") || grant.privileges.has("ALL");
}

/** The server looks at the exact name first, and at patterns only when there is none. */
function databaseGrants(grants: readonly Grant[], db_name: string): Grant[] {
  const wide = grants.filter((grant) => !grant.revoked && grant.db !== "*" && grant.table === "*");
  const exact = wide.filter((grant) => grant.db === db_name || grant.db === escapePattern(db_name));
  return exact.length > 0 ? exact : wide.filter((grant) => matches(grant.db, db_name));
}

const escapePattern = (name: string): string => name.replace(/[_%]/g, "\\$&");

/** `_` and `%` are wildcards in a granted name unless escaped. */
function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/\\([_%])|([_%])|[^_%\\]+|\\/g, (text, escaped: string | undefined, wildcard: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (wildcard !== undefined) return wildcard === "_" ? "." : ".*";
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "su").test(name);
}
