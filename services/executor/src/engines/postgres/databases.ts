import { setTimeout as delay } from "node:timers/promises";
import { SafebaseError } from "@safebase/contracts";
import type { Session } from "./connect.ts";
import { quoteName, quoteText } from "./names.ts";

/** How a database stores and orders text; it is fixed when the database is made. */
export interface Locale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly provider: string; // "c" libc, "i" icu, "b" builtin
  readonly locale: string | null; // of icu and builtin
  readonly icu_rules: string | null;
}

/** A database as the server's catalog describes it: what its replacement must take over. */
export interface DatabaseFacts extends Locale {
  readonly oid: string;
  readonly name: string;
  readonly owner: string;
  /** May the session's user act as the owner, and make another database his? */
  readonly is_ours: boolean;
  readonly tablespace: string;
  readonly connection_limit: number;
  readonly is_template: boolean;
  readonly comment: string | null;
}

/** The columns of Locale, of pg_database as `d`: releases named them differently. */
export function localeColumns(num: number): string {
  return `pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
    ${num >= 150_000 ? "d.datlocprovider::text" : "'c'"} AS provider,
    ${num >= 170_000 ? "d.datlocale" : num >= 150_000 ? "d.daticulocale" : "NULL"} AS locale,
    ${num >= 160_000 ? "d.daticurules" : "NULL"} AS icu_rules`;
}

/** Since 16 a member may have a role's rights without being able to become it, which making it an owner asks for. */
function mayOwn(num: number, role: string): string {
  return `(pg_has_role(${role}, 'USAGE') AND pg_has_role(${role}, '${rightToBecome(num)}'))`;
}

/** The privilege, for pg_has_role, of those who can give something to a role. */
export const rightToBecome = (num: number): "SET" | "MEMBER" => num >= 160_000 ? "SET" : "MEMBER";

/** Undefined when there is none of that name. */
export async function findDatabase(session: Session, name: string): Promise<DatabaseFacts | undefined> {
  const [row] = await session.query<DatabaseFacts & { [column: string]: unknown }>(
    `SELECT d.oid::text, d.datname AS name, pg_get_userbyid(d.datdba) AS owner, ${mayOwn(session.server.num, "d.datdba")} AS is_ours,
       ${localeColumns(session.server.num)}, t.spcname AS tablespace, d.datconnlimit AS connection_limit,
       d.datistemplate AS is_template, shobj_description(d.oid, 'pg_database') AS comment
     FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1`, [name]);
  return row;
}

export type Pattern = Locale & Partial<Pick<DatabaseFacts, "owner" | "tablespace">>;

/** An empty database that only its owner may enter, cut to a pattern, or to the server's defaults. */
export async function createDatabase(session: Session, name: string, pattern: Pattern | undefined): Promise<void> {
  await session.query(`CREATE DATABASE ${quoteName(name)} TEMPLATE template0 ${pattern === undefined ? "" : likeness(session, pattern)}`);
  await session.query(`REVOKE ALL ON DATABASE ${quoteName(name)} FROM PUBLIC`);
}

function likeness(session: Session, pattern: Pattern): string {
  const { num } = session.server;
  if ((pattern.provider !== "c" && num < 150_000) || (pattern.icu_rules !== null && num < 160_000)) {
    throw new SafebaseError("restore_failed", `PostgreSQL ${session.server.version} does not know the locale provider or its rules`);
  }
  const options = [`ENCODING ${quoteText(pattern.encoding)}`, `LC_COLLATE ${quoteText(pattern.collate)}`, `LC_CTYPE ${quoteText(pattern.ctype)}`];
  if (pattern.owner !== undefined) options.push(`OWNER ${quoteName(pattern.owner)}`);
  // Naming the default asks for a right that doing without does not.
  if (pattern.tablespace !== undefined && pattern.tablespace !== "pg_default") options.push(`TABLESPACE ${quoteName(pattern.tablespace)}`);
  if (num >= 150_000) options.push(`LOCALE_PROVIDER ${{ i: "icu", b: "builtin" }[pattern.provider] ?? "libc"}`);
  if (num >= 150_000 && pattern.locale !== null) options.push(`${pattern.provider === "b" ? "BUILTIN_LOCALE" : "ICU_LOCALE"} ${quoteText(pattern.locale)}`);
  if (num >= 160_000 && pattern.icu_rules !== null) options.push(`ICU_RULES ${quoteText(pattern.icu_rules)}`);
  return options.join(" ");
}

/** Ends every session in it and removes it; one that is not there is fine. */
export async function dropDatabase(session: Session, name: string): Promise<void> {
  const found = await findDatabase(session, name);
  if (found === undefined) return;
  if (found.is_template) await session.query(`ALTER DATABASE ${quoteName(name)} IS_TEMPLATE false`);
  if (session.server.num < 130_000) await endSessions(session, found.oid);
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(name)} ${session.server.num >= 130_000 ? "WITH (FORCE)" : ""}`);
}

const CREATION_ENDS_MS = 30_000;

/**
 * Removes a database that an interrupted run was to fill. The server goes on making one when its client has gone, and
 * shows it only when it is done: that is ended first, or it would be there after all.
 */
export async function dropUnfinished(session: Session, name: string): Promise<void> {
  const deadline_ms = performance.now() + CREATION_ENDS_MS;
  const creation = `CREATE DATABASE ${quoteName(name)} `;
  for (;;) {
    const making = await session.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND left(query, length($1)) = $1", [creation]);
    if (making.length === 0) return dropDatabase(session, name);
    if (performance.now() > deadline_ms) throw new SafebaseError("target_busy", `the server is still making the database "${name}", which was to be removed`);
    await delay(50);
  }
}

/** Ends the sessions that the user may end: background workers and walsenders of that database too. */
export async function endSessions(session: Session, database_oid: string): Promise<void> {
  await session.query(
    `SELECT CASE WHEN me.rolsuper OR NOT r.rolsuper THEN pg_terminate_backend(a.pid) END
     FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid CROSS JOIN pg_roles me
     WHERE a.datid = $1 AND a.pid <> pg_backend_pid() AND me.rolname = current_user
       AND (me.rolsuper OR pg_has_role('pg_signal_backend', 'USAGE') OR pg_has_role(a.usesysid, 'USAGE'))`, [database_oid]);
}

export async function setComment(session: Session, name: string, comment: string | null): Promise<void> {
  await session.query(`COMMENT ON DATABASE ${quoteName(name)} IS ${comment === null ? "NULL" : quoteText(comment)}`);
}
