import { SafebaseError, type Warning } from "@safebase/contracts";
import type { Session } from "./connect.ts";

/** Tables and sequences that pg_dump reads: of users, not part of an extension. */
export const DUMPED = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/** What keeps a dump from being complete (`blocking`: pg_dump would fail), and what the user should know of it. */
export interface Finding extends Warning { readonly blocking: boolean }

interface Rule {
  readonly code: string;
  readonly blocking: boolean;
  readonly sql: string; // one text column `name`
  readonly sentence: (names: string) => string;
}

const relations = (condition: string): string => `SELECT n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${DUMPED} AND ${condition} ORDER BY 1`;

const RULES: readonly Rule[] = [
  { code: "unreadable_tables", blocking: true,
    sql: relations("c.relkind IN ('r', 'p', 'S') AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))"),
    sentence: (names) => `the user may not read ${names}: GRANT SELECT (and USAGE on the schema), or pg_read_all_data` },
  { code: "row_level_security", blocking: true, sql: relations("c.relkind IN ('r', 'p') AND c.relrowsecurity AND row_security_active(c.oid)"),
    sentence: (names) => `row-level security hides rows of ${names} from the user: back up as the tables' owner, or ALTER ROLE … BYPASSRLS` },
  { code: "unreadable_large_objects", blocking: true,
    sql: `SELECT m.oid::text AS name FROM pg_largeobject_metadata m
      WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND current_setting('lo_compat_privileges') = 'off'
        AND NOT pg_has_role(m.lomowner, 'USAGE') AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) a
          WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE'))) ORDER BY m.oid LIMIT 1000`,
    sentence: (names) => `the user may not read the large objects ${names}: GRANT SELECT ON LARGE OBJECT, or back up as their owner` },
  { code: "foreign_tables", blocking: false, sql: relations("c.relkind = 'f'"),
    sentence: (names) => `foreign tables are backed up without the rows, which lie elsewhere: ${names}` },
  { code: "unlogged_on_standby", blocking: false, sql: relations("c.relkind = 'r' AND c.relpersistence = 'u' AND pg_is_in_recovery()"),
    sentence: (names) => `a standby has no rows of unlogged tables: ${names}` },
  { code: "subscriptions", blocking: false,
    sql: `SELECT s.subname::text AS name FROM pg_stat_subscription s JOIN pg_database d ON d.datname = current_database()
      WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) ORDER BY 1`,
    sentence: (names) => `subscriptions may be missing from the backup, for only superusers can read them: ${names}` },
  { code: "locked_tables", blocking: false,
    sql: `SELECT DISTINCT n.nspname || '.' || c.relname AS name FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
      WHERE l.granted AND l.mode = 'AccessExclusiveLock' AND c.relkind IN ('r', 'p') AND ${DUMPED}`,
    sentence: (names) => `another session has locked ${names} right now: a dump waits for it one minute at most` },
  { code: "extensions", blocking: false, sql: "SELECT extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
    sentence: (names) => `a server to restore to needs these extensions: ${names}` },
];

/** Everything about the database and the user's rights that a dump depends on. */
export async function inspectReadability(session: Session): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rule of RULES) {
    const names = (await session.query<{ name: string }>(rule.sql)).map((row) => row.name);
    if (names.length > 0) findings.push({ code: rule.code, blocking: rule.blocking, message: rule.sentence(enumerate(names)) });
  }
  const [row] = await session.query<{ standby: boolean }>("SELECT pg_is_in_recovery() AS standby");
  if (row?.standby === true) {
    findings.push({ code: "standby", blocking: false, message: "the server is a standby: its replication may cancel a long dump (max_standby_streaming_delay)" });
  }
  return findings;
}

/** The findings as warnings; a blocking one ends the dump before it has begun. */
export function refuseBlocked(findings: readonly Finding[]): Warning[] {
  const blocking = findings.filter((finding) => finding.blocking);
  if (blocking.length > 0) throw new SafebaseError("insufficient_privileges", blocking.map((finding) => finding.message).join("; "));
  return asWarnings(findings);
}

export function asWarnings(findings: readonly Finding[]): Warning[] {
  return findings.map(({ code, message }) => ({ code, message }));
}

/** A few names and how many more. */
export function enumerate(names: readonly string[], limit = 5): string {
  const shown = names.slice(0, limit).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
