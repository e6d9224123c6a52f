import { DatabaseSync } from "node:sqlite";

/** How much lies in a catalog that is old. */
export interface History { readonly databases: number; readonly backups: number; readonly days: number }

/** Once a year each: none is to run while something is measured. */
const CRONS = ["0 3 1 1 *", "30 1 2 1 *", "15 6 3 1 *", "0 22 4 1 *", "45 4 5 1 *", "0 2 6 1 *", "20 5 7 1 *", "0 0 8 1 *"];
const ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata"];
/** Of each so many backups one failed. */
const FAILED_EACH = 33;

/**
 * Writes the past of an installation into its SQLite catalog, beside a gateway that runs on it: databases of the first
 * user with a schedule each, and backups spread over the days up to now, with their jobs, copies and tables of contents.
 */
export function writeHistory(path: string, { databases, backups, days }: History): void {
  const catalog = new DatabaseSync(path, { timeout: 60_000 });
  try {
    catalog.exec("begin immediate");
    const now_s = Math.floor(Date.now() / 1000);
    writeDatabases(catalog, databases, at(now_s - (days + 1) * 86_400), at(now_s));
    const tables = JSON.stringify({ tables: Array.from({ length: 30 }, (_, n) => ({ name: `public.table_${n}`, rows: n * 1_000, exact: true })) });
    catalog.prepare(BACKUPS).run({ backups, databases, from_s: now_s - days * 86_400, days, tables, failed_each: FAILED_EACH });
    catalog.exec("update backups set stem = type || '/app_' || id, filename = 'app_' || id || '.dump.zst', filepath = type || '/app_' || id || '.dump.zst', updated_at = created_at");
    catalog.exec(JOBS);
    catalog.exec(COPIES);
    catalog.exec("commit");
  } finally {
    catalog.close();
  }
}

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

function writeDatabases(catalog: DatabaseSync, databases: number, since: string, now: string): void {
  const database = catalog.prepare(`insert into databases (user_id, name, type, host, port, username, db_name, ssl_mode, executor_group, created_at, updated_at)
    values (1, ?, 'postgresql', '127.0.0.1', 5432, 'u', ?, 'prefer', 'default', ?, ?)`);
  const schedule = catalog.prepare(`insert into schedules (user_id, database_id, name, cron, timezone, enabled, effective_from, created_at, updated_at) values (1, ?, 'nightly', ?, ?, 1, ?, ?, ?)`);
  const objective = catalog.prepare("insert into objectives (user_id, database_id, kind, state, state_since, created_at, updated_at) values (1, ?, ?, 'met', ?, ?, ?)");
  for (let n = 0; n < databases; n++) {
    const { lastInsertRowid: id } = database.run(`app ${n + 1}`, `app_${n + 1}`, since, since);
    schedule.run(id, CRONS[n % CRONS.length]!, ZONES[n % ZONES.length]!, now, now, now);
    for (const kind of ["backup", "verification"]) objective.run(id, kind, since, since, since);
  }
}

/** Times as the catalog writes them, evenly spread; sizes that grow. */
const BACKUPS = `
  with recursive n (i) as (select 0 union all select i + 1 from n where i < :backups - 1),
  made (i, failed, began) as (select i, i % :failed_each = 7, :from_s + cast(i * (:days * 86400.0) / :backups as integer) from n)
  insert into backups (user_id, database_id, "trigger", type, format, compression, stem, status, size_bytes, raw_size_bytes, sha256, server, tool, contents, error_code, error_msg,
    created_at, started_at, finished_at, updated_at)
  select 1, (select min(id) from databases) + i % :databases, case when i % 20 = 0 then 'manual' else 'scheduled' end, 'postgresql', 'custom', 'zstd', '', case when failed then 'failed' else 'completed' end,
    case when failed then null else 1000000 + i * 100 end, case when failed then null else 4000000 + i * 400 end, case when failed then null else printf('%064x', i) end, 'PostgreSQL 17.2', 'pg_dump 17.2',
    case when failed then null else :tables end, case when failed then 'dump_failed' end, case when failed then 'the dump failed' end,
    strftime('%Y-%m-%dT%H:%M:%S.000Z', began, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%S.100Z', began, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%S.500Z', began + 5, 'unixepoch'), ''
  from made`;

const JOBS = `
  insert into jobs (user_id, kind, status, backup_id, executor_group, time_limit_s, stall_limit_s, not_before, attempts, run_id, executor_id, created_at, published_at, started_at, finished_at)
  select user_id, 'backup', status, id, 'default', 60, 60, created_at, 1, 'r', 'e', created_at, created_at, started_at, finished_at from backups`;

const COPIES = `
  insert into copies (backup_id, storage, state, checked_at, created_at, updated_at)
  select id, 'local', case when status = 'completed' then 'good' else 'missing' end, finished_at, created_at, created_at from backups`;
