import { SafebaseError, type Warning } from "@safebase/contracts";
import type { Session } from "./connect.ts";
import type { DatabaseFacts } from "./databases.ts";
import { quoteName, quoteText } from "./names.ts";

/** Settings that the server keeps as a list of quoted names (GUC_LIST_QUOTE), the way pg_dump knows them. */
const LIST_SETTINGS = ["search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries",
  "shared_preload_libraries", "unix_socket_directories"];

/**
 * Gives the side database what the replaced one has beside its contents: settings, grants and limits. What the user
 * may not set is told as a warning. Only for a loaded database: its settings would get in the way of loading.
 */
export async function copyProperties(session: Session, from: DatabaseFacts, side: string): Promise<Warning[]> {
  const warnings: Warning[] = [];
  const statements = [...await settings(session, from, side), ...await grants(session, from, side), ...limits(from, side)];
  for (const sql of statements) {
    try {
      await session.query(sql);
    } catch (error) {
      if (!(error instanceof SafebaseError) || error.code === "canceled") throw error;
      warnings.push({ code: "property_not_kept", message: `a property of the replaced database could not be kept: ${describe(sql)} (${error.message})` });
    }
  }
  return warnings;
}

async function settings(session: Session, from: DatabaseFacts, side: string): Promise<string[]> {
  const rows = await session.query<{ role: string | null; config: string[] }>(
    `SELECT CASE WHEN setrole <> 0 THEN pg_get_userbyid(setrole) END AS role, setconfig AS config
     FROM pg_db_role_setting WHERE setdatabase = $1`, [from.oid]);
  return rows.flatMap(({ role, config }) => config.map((entry) => {
    const whom = role === null ? `DATABASE ${quoteName(side)}` : `ROLE ${quoteName(role)} IN DATABASE ${quoteName(side)}`;
    const equals = entry.indexOf("=");
    return `ALTER ${whom} SET ${settingName(entry.slice(0, equals))} TO ${settingValue(entry.slice(0, equals), entry.slice(equals + 1))}`;
  }));
}

/** Names of extensions' settings hold dots: `myapp.user`. */
const settingName = (name: string): string => name.split(".").map(quoteName).join(".");

/** A list's items become literals of their own; in one literal they would be one item. */
export function settingValue(name: string, value: string): string {
  if (!LIST_SETTINGS.includes(name.toLowerCase())) return quoteText(value);
  const items = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)/g)]
    .map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "").filter((item) => item !== "");
  return items.length === 0 ? "''" : items.map(quoteText).join(", ");
}

async function grants(session: Session, from: DatabaseFacts, side: string): Promise<string[]> {
  const rows = await session.query<{ grantee: string | null; privilege: string; grantable: boolean }>(
    `SELECT CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END AS grantee, a.privilege_type AS privilege,
       a.is_grantable AS grantable FROM pg_database d, aclexplode(d.datacl) a WHERE d.oid = $1`, [from.oid]);
  const [acl] = await session.query<{ is_default: boolean }>("SELECT datacl IS NULL AS is_default FROM pg_database WHERE oid = $1", [from.oid]);
  const database = quoteName(side);
  if (acl?.is_default !== false) return [`GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO PUBLIC`];
  const given = rows.map(({ grantee, privilege, grantable }) =>
    `GRANT ${privilege} ON DATABASE ${database} TO ${grantee === null ? "PUBLIC" : quoteName(grantee)}${grantable ? " WITH GRANT OPTION" : ""}`);
  return [`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`, `REVOKE ALL ON DATABASE ${database} FROM ${quoteName(from.owner)}`, ...given];
}

function limits(from: DatabaseFacts, side: string): string[] {
  const limit = from.connection_limit === -1 ? [] : [`ALTER DATABASE ${quoteName(side)} CONNECTION LIMIT ${from.connection_limit}`];
  return from.is_template ? [...limit, `ALTER DATABASE ${quoteName(side)} IS_TEMPLATE true`] : limit;
}

/** What every new database grants: taken away while it is being loaded, so that nobody reads it by the side. */
export async function openToPublic(session: Session, name: string): Promise<void> {
  await session.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${quoteName(name)} TO PUBLIC`);
}

/** Without the value of a setting, which may be a secret. */
const describe = (sql: string): string => sql.replace(/ TO '.*$/s, "");
