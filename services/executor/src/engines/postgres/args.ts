import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, type Format, SafebaseError } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { trustedAuthorities } from "./connect.ts";
import { quoteName } from "./names.ts";

/**
 * The environment in which libpq's programs reach a database. Nothing of it stands in an argument: a name that looks
 * like a connection string stays a name, and the password lies in a 0600 file.
 */
export async function toolEnvironment(connection: Connection, db_name: string, context: EngineContext): Promise<Record<string, string>> {
  const verifies = connection.ssl_mode.startsWith("verify-");
  return {
    ...baseEnvironment(context),
    PGHOST: connection.host, PGPORT: String(connection.port), PGUSER: connection.username, PGDATABASE: db_name,
    PGPASSFILE: await writePrivately(context, "pgpass", passwordLine(connection.password)),
    PGSSLMODE: connection.ssl_mode,
    // With a file of authorities `require` would mean verify-ca: only those who verify get one.
    ...(verifies ? { PGSSLROOTCERT: await writePrivately(context, "authorities.pem", trustedAuthorities(connection)) } : {}),
    PGGSSENCMODE: "disable", PGCONNECT_TIMEOUT: "15", PGAPPNAME: context.tag,
  };
}

/** For programs that connect nowhere. HOME is the run's folder: no one's .pgpass, .psqlrc or certificates count. */
export function baseEnvironment(context: Pick<EngineContext, "work_dir">): Record<string, string> {
  return { HOME: context.work_dir };
}

/** Any host, any database: the file lives as long as the run, which has one server. */
export function passwordLine(password: string | null): string {
  if (password === null) return "";
  if (/[\r\n\0]/.test(password)) throw new SafebaseError("bad_request", "a password with a line break cannot be handed to PostgreSQL's programs");
  return `*:*:*:*:${password.replaceAll("\\", "\\\\").replaceAll(":", "\\:")}\n`;
}

/** Ends every complete plain dump, though newer ones put `\unrestrict` behind it. */
export const TRAILER = "-- PostgreSQL database dump complete";

/** The same of pg_dumpall's. */
export const GLOBALS_TRAILER = "-- PostgreSQL database cluster dump complete";

/** Never --enable-row-security: it would leave out rows and exit 0. Compression is the pipeline's. */
export function dumpArgs(format: Format): string[] {
  const shape = format === "custom" ? ["--format=custom", "--compress=0"] : ["--format=plain"];
  return [...shape, "--no-password", "--lock-wait-timeout=60s"];
}

/** A part of a dump: all objects without their rows, their rows, or what is made over the rows. */
export const sectionArgs = (section: "pre-data" | "data" | "post-data"): string[] => [`--section=${section}`];

/** The rows of these tables alone. */
export const onlyArgs = (tables: readonly QualifiedName[]): string[] => tables.map((table) => `--table=${exactly(table)}`);

/** All but the rows of these tables: also what no name says, such as large objects. */
export const exceptArgs = (tables: readonly QualifiedName[]): string[] => tables.map((table) => `--exclude-table-data=${exactly(table)}`);

export interface QualifiedName { readonly schema_name: string; readonly table_name: string }

/** As a pattern of pg_dump: within quotes every character stands for itself. */
const exactly = (table: QualifiedName): string => `${quoteName(table.schema_name)}.${quoteName(table.table_name)}`;

/** pg_dumpall would take a name with `=` in it for a connection string, and any other for a name: so it gets a string. */
export function globalsArgs(db_name: string, options: { readonly passwords: boolean }): string[] {
  const value = db_name.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return ["--globals-only", "--no-password", ...(options.passwords ? [] : ["--no-role-passwords"]), `--database=dbname='${value}'`];
}

export interface RestoreArgs { readonly keep_owners: boolean }

/** pg_restore from stdin into a database; its name is ours and plain. */
export function restoreArgs(side: string, options: RestoreArgs): string[] {
  return ["--format=custom", "--exit-on-error", "--no-password", ...ownerArgs(options), `--dbname=${side}`];
}

/** pg_restore from stdin to nowhere: every entry and all data is read. */
export const PARSE_ARGS: readonly string[] = ["--format=custom", "--exit-on-error", "--file=/dev/null"];

/** pg_restore from stdin to SQL on stdout. */
export function convertArgs(options: RestoreArgs): string[] {
  return ["--format=custom", "--exit-on-error", ...ownerArgs(options), "--file=-"];
}

/**
 * psql in restricted mode: the prelude begins it, and it outlasts the prelude's end. From then on psql takes SQL from
 * stdin and no command of its own (`\!`, `\copy … program`, `\o |…`), which would run on our machine.
 */
export async function psqlArgs(context: EngineContext): Promise<string[]> {
  // Variables are expanded into commands, too, and this one's text is the server's.
  const prelude = `\\unset SERVER_VERSION_NAME\n\\restrict ${randomBytes(32).toString("hex")}\n`;
  return ["-X", "--no-password", "-v", "ON_ERROR_STOP=1", "-q", "-o", "/dev/null", "-f", await writePrivately(context, "prelude.sql", prelude), "-f", "-"];
}

function ownerArgs(options: RestoreArgs): string[] {
  return options.keep_owners ? [] : ["--no-owner", "--no-acl"];
}

async function writePrivately(context: EngineContext, name: string, text: string): Promise<string> {
  const path = join(context.work_dir, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}
