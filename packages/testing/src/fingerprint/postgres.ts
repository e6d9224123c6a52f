import type { Connection } from "../connection.ts";
import { quoteName } from "../database.ts";
import type { Fingerprint, TableFingerprint } from "./fingerprint.ts";

// What a value looks like as text depends on these; the empty search_path makes every name qualified.
const SESSION = `SET search_path = ''; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC';
  SET bytea_output = 'hex'; SET extra_float_digits = 1; SET row_security = off; SET statement_timeout = 0`;

/** See `fingerprint`. */
export async function fingerprintPostgres(connection: Connection): Promise<Fingerprint> {
  await connection.query(SESSION);
  const pairs = (sql: string) => keyedText(connection, sql);
  return {
    tables: await tables(connection),
    views: mapValues(await pairs(VIEWS), withoutQualifiers),
    triggers: await pairs(TRIGGERS),
    routines: await pairs(ROUTINES),
    events: {},
    sequences: await sequences(connection),
    others: { ...await pairs(OTHERS), ...await largeObjects(connection) },
  };
}

async function tables(connection: Connection): Promise<Record<string, TableFingerprint>> {
  const found: Record<string, TableFingerprint> = {};
  for (const row of await connection.query(TABLES)) {
    const [schema, name] = [String(row["schema"]), String(row["name"])];
    const qualified = `${quoteName("postgresql", schema)}.${quoteName("postgresql", name)}`;
    const definition = (await connection.query(TABLE_PARTS, [qualified])).map((part) => String(part["part"]));
    // Partitions count for themselves, so ONLY; a materialized view has no ONLY and is read the same way.
    const [content] = await connection.query(`SELECT count(*) AS rows, ${sumOf("sb_row::text")} AS checksum
      FROM ${row["kind"] === "m" ? "" : "ONLY "}${qualified} AS sb_row`);
    found[`${schema}.${name}`] = { definition, rows: Number(content!["rows"]), checksum: String(content!["checksum"]) };
  }
  return found;
}

/** The sum of the first 60 bits of the texts' SHA-256. */
function sumOf(text: string): string {
  const digest = `encode(sha256(convert_to(coalesce(${text}, ''), 'UTF8')), 'hex')`;
  return `coalesce(sum(('x' || left(${digest}, 15))::bit(60)::bigint::numeric), 0)`;
}

async function sequences(connection: Connection): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const row of await connection.query(SEQUENCES)) {
    const [state] = await connection.query(`SELECT last_value, is_called FROM ${String(row["qualified"])}`);
    found[String(row["qualified"])] = `${String(row["options"])} at ${String(state!["last_value"])}, called ${String(state!["is_called"])}`;
  }
  return found;
}

async function largeObjects(connection: Connection): Promise<Record<string, string>> {
  const [all] = await connection.query(`SELECT count(*) AS n,
    ${sumOf("oid || encode(sha256(lo_get(oid)), 'hex')")} AS checksum FROM pg_catalog.pg_largeobject_metadata`);
  return { "large objects": `${String(all!["n"])} ${String(all!["checksum"])}` };
}

async function keyedText(connection: Connection, sql: string): Promise<Record<string, string>> {
  const rows = await connection.query(sql);
  return Object.fromEntries(rows.map((row) => [String(row["key"]), String(row["value"])]));
}

function mapValues(record: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** PostgreSQL 16 stopped qualifying columns of a view's only table, and majors break lines differently. */
function withoutQualifiers(definition: string): string {
  return definition.replace(/\s+/g, " ").replace(/(?:\b[a-z_]+|"[^"]+")\.(?=[a-z_"])/g, "");
}

const OWN_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
const notOfExtension = (catalog: string, oid: string): string => `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const TABLES = `SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND ${OWN_SCHEMA} AND ${notOfExtension("pg_class", "c.oid")} ORDER BY 1, 2`;

// Without constraints of type n: PostgreSQL 18 lists NOT NULL among them, the columns say it on every major. Without
// those that a foreign key to a partitioned table makes for each partition: 18 gives them other names.
const TABLE_PARTS = `SELECT part FROM (
  SELECT 1 AS kind, row_number() OVER (ORDER BY a.attnum) AS place, format('column %I %s %s%s%s%s', a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null ' END,
    'default ' || pg_catalog.pg_get_expr(b.adbin, b.adrelid) || ' ', a.attidentity::text || a.attgenerated::text,
    (SELECT ' collate ' || l.collname FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation AND l.collname <> 'default')) AS part
  FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef b ON b.adrelid = a.attrelid AND b.adnum = a.attnum
  WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 2, row_number() OVER (ORDER BY conname COLLATE "C"), format('constraint %I %s', conname, pg_catalog.pg_get_constraintdef(oid))
  FROM pg_catalog.pg_constraint k WHERE conrelid = $1::regclass AND contype NOT IN ('n', 't')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
  UNION ALL SELECT 3, row_number() OVER (ORDER BY indexrelid::regclass::text COLLATE "C"), pg_catalog.pg_get_indexdef(indexrelid)
  FROM pg_catalog.pg_index WHERE indrelid = $1::regclass
  UNION ALL SELECT 4, 1, format('partition of %s %s, by %s', (SELECT inhparent::regclass FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid),
    pg_catalog.pg_get_expr(c.relpartbound, c.oid), pg_catalog.pg_get_partkeydef(c.oid))
  FROM pg_catalog.pg_class c WHERE c.oid = $1::regclass AND (c.relispartition OR c.relkind = 'p')
  UNION ALL SELECT 5, 1, 'row security' FROM pg_catalog.pg_class c WHERE c.oid = $1::regclass AND c.relrowsecurity
) AS parts ORDER BY kind, place`;

const VIEWS = `SELECT format('%I.%I', n.nspname, c.relname) AS key,
    c.relkind::text || ' ' || coalesce(array_to_string(c.reloptions, ','), '') || ' ' || pg_catalog.pg_get_viewdef(c.oid) AS value
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND ${OWN_SCHEMA} AND ${notOfExtension("pg_class", "c.oid")}`;

const TRIGGERS = `SELECT format('%s on %s', tgname, tgrelid::regclass) AS key, tgenabled::text || ' ' || pg_catalog.pg_get_triggerdef(oid) AS value
  FROM pg_catalog.pg_trigger WHERE NOT tgisinternal`;

const ROUTINES = `SELECT p.oid::regprocedure::text AS key,
    CASE WHEN p.prokind = 'a' THEN (SELECT format('aggregate %s %s %s', g.aggtransfn, g.aggtranstype::regtype, g.agginitval)
      FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_catalog.pg_get_functiondef(p.oid) END AS value
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE ${OWN_SCHEMA} AND ${notOfExtension("pg_proc", "p.oid")}`;

const SEQUENCES = `SELECT s.seqrelid::regclass::text AS qualified, format('%s from %s by %s in %s..%s%s', s.seqtypid::regtype, s.seqstart,
    s.seqincrement, s.seqmin, s.seqmax, CASE WHEN s.seqcycle THEN ' cycling' END) AS options
  FROM pg_catalog.pg_sequence s WHERE ${notOfExtension("pg_class", "s.seqrelid")}`;

const OTHERS = `SELECT 'schema ' || n.nspname AS key, '' AS value FROM pg_catalog.pg_namespace n WHERE ${OWN_SCHEMA}
  UNION ALL SELECT 'extension ' || extname, '' FROM pg_catalog.pg_extension
  UNION ALL SELECT 'enum ' || enumtypid::regtype, string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_catalog.pg_enum GROUP BY enumtypid
  UNION ALL SELECT 'domain ' || t.oid::regtype, format('%s %s', pg_catalog.format_type(t.typbasetype, t.typtypmod),
    (SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), ',' ORDER BY k.conname) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n'))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${OWN_SCHEMA}
  UNION ALL SELECT 'composite ' || c.reltype::regtype, string_agg(format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)), ',' ORDER BY a.attnum)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind = 'c' AND ${OWN_SCHEMA} GROUP BY c.reltype
  UNION ALL SELECT format('comment on %s.%s', objoid::regclass, objsubid), description FROM pg_catalog.pg_description WHERE classoid = 'pg_catalog.pg_class'::regclass
    AND objoid >= 16384
  UNION ALL SELECT format('policy %I on %s', polname, polrelid::regclass), format('%s %s %s', polcmd, pg_catalog.pg_get_expr(polqual, polrelid),
    pg_catalog.pg_get_expr(polwithcheck, polrelid)) FROM pg_catalog.pg_policy
  UNION ALL SELECT format('rule %I on %s', rulename, ev_class::regclass), pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite
    WHERE rulename <> '_RETURN' AND oid >= 16384
  UNION ALL SELECT 'statistics ' || stxname, pg_catalog.pg_get_statisticsobjdef(oid) FROM pg_catalog.pg_statistic_ext`;
