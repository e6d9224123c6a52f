import { DatabaseSync } from "node:sqlite";
import { connect } from "@safebase/testing";

/** How much lies in a catalog that is old. */
export interface History { readonly databases: number; readonly backups: number; readonly days: number }

/** What holds the catalog. */
export const DIALECTS = ["sqlite", "postgresql"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Once a year each: none is to run while something is measured. */
const CRONS = ["0 3 1 1 *", "30 1 2 1 *", "15 6 3 1 *", "0 22 4 1 *", "45 4 5 1 *", "0 2 6 1 *", "20 5 7 1 *", "0 0 8 1 *"];
const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata"];
/** Of each so many backups one failed. */
const FAILED_EACH = 33;

/** How each writes what the other writes otherwise: a time of a Unix time, a number as 64 hexadecimal digits. */
const WORDS: Record<Dialect, { readonly time: (seconds: string, ms: string) => string; readonly hex: (number: string) => string }> = {
  sqlite: { time: (seconds, ms) => `strftime('%Y-%m-%dT%H:%M:%S.${ms}Z', ${seconds}, 'unixepoch')`, hex: (number) => `printf('%064x', ${number})` },
  postgresql: { time: (seconds, ms) => `to_char(to_timestamp(${seconds}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".${ms}Z"')`, hex: (number) => `lpad(to_hex(${number}), 64, '0')` },
};

/**
 * Writes the past of an installation into its catalog at `sqlite:…` or `postgres://…`, beside a gateway that runs on it:
 * databases of the first user with a schedule each, and backups spread over the days up to now, with their jobs, copies and
 * tables of contents.
 */
export async function writeHistory(url: string, history: History): Promise<void> {
  if (url.startsWith("sqlite:")) return writeSqlite(url.slice("sqlite:".length), statementsOf("sqlite", history));
  const { hostname, port, username, password, pathname } = new URL(url);
  await using catalog = await connect({ engine: "postgresql", host: hostname, port: Number(port), username, password }, pathname.slice(1));
  for (const statement of ["begin", ...statementsOf("postgresql", history), "commit", "vacuum analyze"]) await catalog.query(statement);
}

function writeSqlite(path: string, statements: readonly string[]): void {
  const catalog = new DatabaseSync(path, { timeout: 60_000 });
  try {
    for (const statement of ["begin immediate", ...statements, "commit"]) catalog.exec(statement);
  } finally {
    catalog.close();
  }
}

function statementsOf(dialect: Dialect, { databases, backups, days }: History): string[] {
  const now_s = Math.floor(Date.now() / 1000);
  return [
    ...databasesOf(databases, at(now_s - (days + 1) * 86_400), at(now_s)), backupsOf(dialect, { databases, backups, days }, now_s - days * 86_400), JOBS, COPIES,
  ];
}

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

function databasesOf(count: number, since: string, now: string): string[] {
  const rows = (row: (n: number) => string): string => Array.from({ length: count }, (_, n) => `(${row(n + 1)})`).join(", ");
  return [
    `insert into databases (user_id, name, type, host, port, username, db_name, ssl_mode, executor_group, created_at, updated_at)
      values ${rows((n) => `1, 'app ${n}', 'postgresql', '127.0.0.1', 5432, 'u', 'app_${n}', 'prefer', 'default', '${since}', '${since}'`)}`,
    `insert into schedules (user_id, database_id, name, cron, timezone, enabled, effective_from, created_at, updated_at)
      values ${rows((n) => `1, (select id from databases where name = 'app ${n}'), 'nightly', '${CRONS[n % CRONS.length]}', '${ZONES[n % ZONES.length]}', 1, '${now}', '${now}', '${now}'`)}`,
    ...["backup", "verification"].map((kind) => `insert into objectives (user_id, database_id, kind, state, state_since, created_at, updated_at)
      select 1, id, '${kind}', 'met', '${since}', '${since}', '${since}' from databases where name like 'app %'`),
  ];
}

const CONTENTS = JSON.stringify({ tables: Array.from({ length: 30 }, (_, n) => ({ name: `public.table_${n}`, rows: n * 1_000, exact: true })) });

/** Times as the catalog writes them, evenly spread; sizes that grow. */
function backupsOf(dialect: Dialect, { databases, backups, days }: History, from_s: number): string {
  const { time, hex } = WORDS[dialect];
  return `
  with recursive n (i) as (select 0 union all select i + 1 from n where i < ${backups - 1}),
  made (i, failed, began) as (select i, i % ${FAILED_EACH} = 7, ${from_s} + cast(i * (${days} * 86400.0) / ${backups} as integer) from n)
  insert into backups (user_id, database_id, "trigger", type, format, compression, stem, filename, filepath, status, size_bytes, raw_size_bytes, sha256, server, tool, contents, error_code, error_msg,
    created_at, started_at, finished_at, updated_at)
  select 1, (select min(id) from databases where name like 'app %') + i % ${databases}, case when i % 20 = 0 then 'manual' else 'scheduled' end, 'postgresql', 'custom', 'zstd',
    'postgresql/app_' || (i + 1), 'app_' || (i + 1) || '.dump.zst', 'postgresql/app_' || (i + 1) || '.dump.zst', case when failed then 'failed' else 'completed' end,
    case when failed then null else 1000000 + i * 100 end, case when failed then null else 4000000 + i * 400 end, case when failed then null else ${hex("i")} end, 'PostgreSQL 17.2', 'pg_dump 17.2',
    case when failed then null else '${CONTENTS}' end, case when failed then 'dump_failed' end, case when failed then 'the dump failed' end,
    ${time("began", "000")}, ${time("began", "100")}, ${time("began + 5", "500")}, ${time("began", "000")}
  from made`;
}

const JOBS = `
  insert into jobs (user_id, kind, status, backup_id, executor_group, time_limit_s, stall_limit_s, not_before, attempts, run_id, executor_id, created_at, published_at, started_at, finished_at)
  select user_id, 'backup', status, id, 'default', 60, 60, created_at, 1, 'r', 'e', created_at, created_at, started_at, finished_at from backups`;

const COPIES = `
  insert into copies (backup_id, storage, state, checked_at, created_at, updated_at)
  select id, 'local', case when status = 'completed' then 'good' else 'missing' end, finished_at, created_at, created_at from backups`;
