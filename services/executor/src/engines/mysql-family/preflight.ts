import { SafebaseError, type Warning } from "@safebase/contracts";
import type { Client } from "../../clients/index.ts";
import { eventsLeftOut } from "./events.ts";
import { type Grants, readGrants } from "./grants.ts";
import { isRemote, serverVariable, type TableFacts } from "./inspect.ts";
import { listed } from "./listed.ts";
import { lostLetters } from "./lost-letters.ts";
import { quoteName } from "./names.ts";
import type { Session } from "./session.ts";

const TRANSACTIONAL_ENGINES = new Set(["INNODB", "ROCKSDB", "TOKUDB", "BLACKHOLE"]);

/** What would make a dump of this database incomplete, inconsistent or hard to restore. Nothing is locked or counted. */
export async function preflightDump(session: Session, client: Client, db_name: string, tables: readonly TableFacts[]): Promise<Warning[]> {
  const grants = await readGrants(session);
  return [
    ...missingPrivileges(session, grants, db_name, tables),
    ...await eventsLeftOut(session, client, db_name),
    ...await lostLetters(session, db_name, tables),
    ...inconsistentEngines(tables),
    ...await galera(session),
    ...await brokenViews(session, db_name, tables),
    ...await packetLimit(session, db_name, tables),
    ...await shortWriteTimeout(session),
  ];
}

/** A dump without these ends with exit 0 and simply lacks what the user may not see. */
function missingPrivileges(session: Session, grants: Grants, db_name: string, tables: readonly TableFacts[]): Warning[] {
  const miss = (privilege: string, lost: string): Warning => ({
    code: "missing_privilege", message: `the user lacks ${privilege} on ${db_name}: ${lost}`,
  });
  const has = (privilege: string): boolean => grants.onDatabase(privilege, db_name);
  const views = tables.filter((table) => table.kind === "view");
  const unseen = views.filter((view) => !grants.onTable("SHOW VIEW", db_name, view.name));
  return [
    ...(has("SELECT") ? [] : [miss("SELECT", "tables and views that it may not read are missing from the backup")]),
    ...(unseen.length === 0 ? [] : [miss("SHOW VIEW", `the backup fails at ${listed(unseen.map((view) => view.name))}`)]),
    ...(has("TRIGGER") ? [] : [miss("TRIGGER", "triggers are missing from the backup")]),
    ...(has("EVENT") ? [] : [miss("EVENT", "events cannot be read, so the backup leaves them out")]),
    ...(seesRoutines(session, grants, db_name) ? [] : [{
      code: "missing_privilege",
      message: `the user may not read routines (${routinePrivilege(session)}): procedures and functions of others are missing from the backup, or make it fail`,
    }]),
  ];
}

function seesRoutines(session: Session, grants: Grants, db_name: string): boolean {
  if (session.flavour === "mysql" && !session.version.startsWith("5.")) return grants.globally("SHOW_ROUTINE", "SELECT");
  return grants.onTable("SELECT", "mysql", "proc") || grants.onDatabase("SHOW CREATE ROUTINE", db_name);
}

function routinePrivilege(session: Session): string {
  return session.flavour === "mysql" && !session.version.startsWith("5.") ? "SHOW_ROUTINE" : "SELECT on mysql.proc";
}

function inconsistentEngines(tables: readonly TableFacts[]): Warning[] {
  const remote = tables.filter(isRemote);
  const other = tables.filter((table) => table.kind === "table" && table.engine !== null && !remote.includes(table)
    && !TRANSACTIONAL_ENGINES.has(table.engine.toUpperCase()));
  const warnings: Warning[] = [];
  if (remote.length > 0) warnings.push({ code: "remote_tables", message: `rows live on another server: ${listed(remote.map(withEngine))}` });
  if (other.length > 0) {
    warnings.push({ code: "not_transactional", message: `not part of the dump's snapshot, so writes during a backup may tear them: ${listed(other.map(withEngine))}` });
  }
  return warnings;
}

const withEngine = (table: TableFacts): string => `${table.name} (${table.engine})`;

async function galera(session: Session): Promise<Warning[]> {
  if (await serverVariable(session, "wsrep_on") !== "ON") return [];
  return [{ code: "galera", message: "the server is part of a Galera cluster: a backup may delay its writes, and a restore is replicated to all nodes" }];
}

/** A view over something that is gone, or of a definer who is, ends the dump with an error. */
async function brokenViews(session: Session, db_name: string, tables: readonly TableFacts[]): Promise<Warning[]> {
  const broken: string[] = [];
  for (const view of tables.filter((table) => table.kind === "view")) {
    const columns = await session.rows(`SHOW FIELDS FROM ${quoteName(db_name)}.${quoteName(view.name)}`).then(() => true, isServersNo);
    if (!columns) broken.push(view.name);
  }
  if (broken.length === 0) return [];
  return [{ code: "broken_view", message: `the backup fails at ${listed(broken)}: a table, column or definer that the view needs is missing, or the user lacks rights on it` }];
}

/** The server's refusal is an answer, a lost connection is none. */
function isServersNo(error: unknown): false {
  if (error instanceof SafebaseError && error.code !== "unreachable") return false;
  throw error;
}

/**
 * A restore needs packets as large as the largest row, twice that for binary columns since those travel in hexadecimal.
 * The average row of a table is known without reading it, and some rows are sampled: enough for the usual cases.
 */
async function packetLimit(session: Session, db_name: string, tables: readonly TableFacts[]): Promise<Warning[]> {
  const limit_bytes = Number(await serverVariable(session, "max_allowed_packet") ?? Infinity);
  const large = new Set((await session.rows(
    `SELECT DISTINCT TABLE_NAME AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ? AND DATA_TYPE IN ('mediumblob', 'longblob', 'mediumtext', 'longtext', 'json', 'geometry')`, [db_name]))
    .map((row) => String(row["name"])));
  const tight: string[] = [];
  for (const table of tables.filter(({ kind, name }) => kind === "table" && large.has(name))) {
    if (await hasLargeRow(session, db_name, table, limit_bytes)) tight.push(table.name);
  }
  if (tight.length === 0) return [];
  return [{
    code: "max_allowed_packet",
    message: `rows of ${listed(tight)} need larger packets than this server takes (max_allowed_packet is ${limit_bytes} bytes): a restore needs it raised`,
  }];
}

const SAMPLE_ROWS = 200;
const SAMPLE_BYTES = 32 * 1024 * 1024;

/** By the average, else by the first rows: never a whole table. The server's statistics lag behind, so both. */
async function hasLargeRow(session: Session, db_name: string, table: TableFacts, limit_bytes: number): Promise<boolean> {
  const average_bytes = table.data_bytes / Math.max(table.rows_estimate, 1);
  if (average_bytes * 2 > limit_bytes) return true;
  const columns = await session.rows(
    `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?
     AND DATA_TYPE IN ('mediumblob', 'longblob', 'mediumtext', 'longtext', 'json')`, [db_name, table.name]);
  if (columns.length === 0) return false;
  const size = columns.map((column) => `COALESCE(OCTET_LENGTH(${quoteName(String(column["name"]))}), 0)`).join(" + ");
  const sampled = Math.max(1, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_BYTES / Math.max(average_bytes, 1))));
  const [row] = await session.rows(
    `SELECT MAX(size) AS size FROM (SELECT ${size} AS size FROM ${quoteName(db_name)}.${quoteName(table.name)} LIMIT ${sampled}) AS sample`);
  return Number(row?.["size"] ?? 0) * 2 > limit_bytes;
}

/** MySQL's own client raises it for its session; MariaDB's has no way to. */
async function shortWriteTimeout(session: Session): Promise<Warning[]> {
  if (session.flavour === "mysql") return [];
  const timeout_s = Number(await serverVariable(session, "net_write_timeout") ?? 60);
  if (timeout_s >= 30) return [];
  return [{ code: "net_write_timeout", message: `the server cuts a dump that is not read for ${timeout_s} s (net_write_timeout): a slow storage may fail the backup` }];
}
