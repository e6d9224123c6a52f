import type { Connection, Row } from "../connection.ts";
import { quoteName } from "../database.ts";
import type { Fingerprint, TableFingerprint } from "./fingerprint.ts";

const SESSION = `SET SESSION time_zone = '+00:00', SESSION sql_mode = '', SESSION sql_quote_show_create = 1`;
const quote = (name: string): string => quoteName("mysql", name);

/** See `fingerprint`. */
export async function fingerprintMysql(connection: Connection): Promise<Fingerprint> {
  await connection.query(SESSION);
  const [current] = await connection.query("SELECT database() AS name");
  // A view's text names its database; a restore under another name must not count as a difference.
  const own = `${quote(String(current!["name"]))}.`;
  const described = async (sql: string) => Object.fromEntries((await connection.query(sql)).map((row) => {
    const { key, ...parts } = row;
    return [String(key), JSON.stringify(parts).replaceAll(JSON.stringify(own).slice(1, -1), "")];
  }));
  return {
    tables: await tables(connection),
    views: await described(VIEWS),
    triggers: await described(TRIGGERS),
    routines: await described(ROUTINES),
    events: await described(EVENTS),
    sequences: await sequences(connection),
    others: await described(DATABASE),
  };
}

async function tables(connection: Connection): Promise<Record<string, TableFingerprint>> {
  const found: Record<string, TableFingerprint> = {};
  for (const { name } of await connection.query(tablesOf("BASE TABLE"))) {
    const [made] = await connection.query(`SHOW CREATE TABLE ${quote(String(name))}`);
    const columns = await connection.query(COLUMNS, [name]);
    const [content] = await connection.query(`SELECT count(*) AS n,
      coalesce(sum(cast(conv(left(sha2(${rowText(columns)}, 256), 15), 16, 10) AS decimal(40))), 0) AS checksum FROM ${quote(String(name))}`);
    found[String(name)] = {
      definition: String(made!["Create Table"]).split("\n"),
      rows: Number(content!["n"]),
      checksum: String(content!["checksum"]),
    };
  }
  return found;
}

/** A row as text. Long values enter as their digest: a text must stay below max_allowed_packet. */
function rowText(columns: Row[]): string {
  const values = columns.map(({ name, type }) => {
    const column = quote(String(name));
    if (/char|text|blob|binary|json|enum|set/.test(String(type))) return `sha2(${column}, 256)`;
    return /bit|point|geometry|polygon|linestring/.test(String(type)) ? `hex(${column})` : `cast(${column} AS char)`;
  });
  return `concat_ws(',', ${values.map((value) => `ifnull(${value}, 'NULL')`).join(", ")})`;
}

async function sequences(connection: Connection): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of await connection.query(tablesOf("SEQUENCE"))) {
    const [state] = await connection.query(`SELECT * FROM ${quote(String(name))}`);
    found[String(name)] = JSON.stringify(state);
  }
  return found;
}

const tablesOf = (type: string): string =>
  `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() AND table_type = '${type}' ORDER BY 1`;

const COLUMNS = `SELECT column_name AS name, data_type AS type FROM information_schema.columns
  WHERE table_schema = database() AND table_name = ? ORDER BY ordinal_position`;

const VIEWS = `SELECT table_name AS \`key\`, view_definition AS definition, check_option AS checks, definer, security_type AS rights,
  character_set_client AS charset FROM information_schema.views WHERE table_schema = database()`;

const TRIGGERS = `SELECT trigger_name AS \`key\`, concat(action_timing, ' ', event_manipulation, ' ', event_object_table, ' ', action_order) AS fires,
  action_statement AS statement, sql_mode AS sqlmode, definer FROM information_schema.triggers WHERE trigger_schema = database()`;

const ROUTINES = `SELECT concat(r.routine_type, ' ', r.routine_name) AS \`key\`, r.dtd_identifier AS returned, r.routine_definition AS body,
  r.is_deterministic AS pure, r.sql_data_access AS data, r.security_type AS rights, r.sql_mode AS sqlmode,
  r.routine_comment AS note, r.definer AS definer,
  (SELECT group_concat(concat_ws(' ', p.ordinal_position, p.parameter_mode, p.parameter_name, p.dtd_identifier) ORDER BY p.ordinal_position)
   FROM information_schema.parameters p WHERE p.specific_schema = r.routine_schema AND p.specific_name = r.specific_name
     AND p.routine_type = r.routine_type) AS parameters
  FROM information_schema.routines r WHERE r.routine_schema = database()`;

const EVENTS = `SELECT event_name AS \`key\`, event_definition AS body, concat_ws(' ', interval_value, interval_field, starts, ends, time_zone, execute_at) AS due,
  status, on_completion AS done, sql_mode AS sqlmode, event_comment AS note, definer FROM information_schema.events WHERE event_schema = database()`;

const DATABASE = `SELECT 'database' AS \`key\`, default_character_set_name AS charset, default_collation_name AS collation
  FROM information_schema.schemata WHERE schema_name = database()`;
