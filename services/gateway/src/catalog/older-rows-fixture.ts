const AT = "2026-01-02T03:04:05.000Z";
const LATER = "2026-01-02T03:04:25.000Z";
const RECIPIENT = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/** As far as each table goes: a backup of every status, with what hung on it. */
const BACKUP = `insert into backups (user_id, database_id, schedule_id, planned_at, "trigger", type, format, compression, storage, stem, filename, filepath, status, size_bytes, raw_size_bytes, sha256, server, tool,
  contents, warnings, error_code, error_msg, created_at, started_at, finished_at, updated_at, deleted_at, purged_at)`;
const JOB = `insert into jobs (user_id, kind, status, backup_id, restore_id, executor_group, time_limit_s, stall_limit_s, not_before, after_job_id, published_at, attempts, run_id, executor_id, created_at, started_at, finished_at)`;

/** What an installation held once it had the migration of this name: each goes on where the one before ended. */
export const ROWS_OF: Readonly<Record<string, readonly string[]>> = {
  "0001-initial": [
    `insert into users (email, password_hash, role, created_at) values ('ann@example.org', '$argon2id$a', 'admin', '${AT}'), ('bob@example.org', '$argon2id$b', 'user', '${AT}')`,
    `insert into revoked_tokens (jti, expires_at) values ('j-1', '${LATER}')`,
    `insert into login_throttle (key, failures, window_started_at) values ('ip:192.0.2.1', 3, '${AT}')`,
    `insert into databases (user_id, name, type, host, port, username, password_sealed, db_name, ssl_mode, ssl_ca, executor_group, created_at, updated_at, deleted_at) values
      (1, 'shop', 'postgresql', 'db.example.org', 5432, 'app', 'v1.k.n.b', 'shop', 'verify-full', 'a certificate', 'default', '${AT}', '${AT}', null),
      (2, 'blog', 'mariadb', '192.0.2.7', 3306, 'root', 'v1.k.n.c', 'blog', 'prefer', null, 'east', '${AT}', '${AT}', null),
      (2, 'gone', 'mysql', '192.0.2.8', 3306, 'root', null, 'gone', 'disable', null, 'east', '${AT}', '${LATER}', '${LATER}')`,
    `insert into schedules (user_id, database_id, name, cron, timezone, enabled, format, compression, created_at, updated_at) values
      (1, 1, 'nightly', '0 3 * * *', 'Europe/Paris', 1, null, 'zstd', '${AT}', '${LATER}'), (2, 2, 'weekly', '0 4 * * 0', 'UTC', 0, 'sql', null, '${AT}', '${AT}')`,
    `${BACKUP} values
      (1, 1, 1, '${AT}', 'scheduled', 'postgresql', 'custom', 'zstd', 'local', 'postgresql/shop_1', 'shop_1.dump.zst', 'postgresql/shop_1.dump.zst', 'completed', 12345678901234, 99999999999999, '${"a".repeat(64)}', 'PostgreSQL 15.4', 'pg_dump 15.4', '{"tables":[]}', '[]', null, null, '${AT}', '${AT}', '${LATER}', '${LATER}', null, null),
      (2, 2, null, null, 'manual', 'mariadb', 'sql', 'gzip', 'local', 'mariadb/blog_2', null, null, 'failed', null, null, null, null, null, null, null, 'auth_failed', 'access denied', '${AT}', '${AT}', '${LATER}', '${LATER}', null, null),
      (2, 2, null, null, 'manual', 'mariadb', 'sql', 'none', 'local', 'mariadb/blog_3', null, null, 'pending', null, null, null, null, null, null, null, null, null, '${AT}', null, null, '${AT}', null, null),
      (1, 1, null, null, 'manual', 'postgresql', 'sql', 'zip', 'local', 'postgresql/shop_4', null, null, 'canceled', null, null, null, null, null, null, null, null, null, '${AT}', null, '${LATER}', '${LATER}', null, null),
      (1, 1, null, null, 'safety', 'postgresql', 'custom', 'zstd', 'local', 'postgresql/shop_5', 'shop_5.dump.zst', 'postgresql/shop_5.dump.zst', 'completed', 7, 70, '${"b".repeat(64)}', 'PostgreSQL 15.4', 'pg_dump 15.4', '{"tables":[]}', '[]', null, null, '${AT}', '${AT}', '${LATER}', '${LATER}', '${LATER}', '${LATER}')`,
    `insert into restores (user_id, backup_id, target_database_id, target_db_name, must_be_new, safety_backup_id, status, replaced, warnings, created_at, started_at, finished_at, updated_at) values
      (1, 1, 1, 'shop', 0, 5, 'completed', 1, '[]', '${AT}', '${AT}', '${LATER}', '${LATER}'), (1, 1, 1, 'shop_copy', 1, null, 'running', null, null, '${AT}', '${AT}', null, '${AT}')`,
    `${JOB} values
      (1, 'backup', 'completed', 1, null, 'default', 86400, 900, '${AT}', null, '${AT}', 1, 'r1', 'e1', '${AT}', '${AT}', '${LATER}'),
      (2, 'backup', 'pending', 3, null, 'east', 86400, 900, '${AT}', null, null, 0, null, null, '${AT}', null, null),
      (1, 'restore', 'running', null, 2, 'default', 86400, 900, '${AT}', 1, '${AT}', 2, 'r2', 'e1', '${AT}', '${AT}', null),
      (2, 'backup', 'failed', 2, null, 'east', 86400, 900, '${AT}', null, '${AT}', 1, 'r3', 'e2', '${AT}', '${AT}', '${LATER}'),
      (1, 'backup', 'canceled', 4, null, 'default', 86400, 900, '${AT}', null, null, 0, null, null, '${AT}', null, '${LATER}'),
      (1, 'backup', 'completed', 5, null, 'default', 86400, 900, '${AT}', null, '${AT}', 1, 'r5', 'e1', '${AT}', '${AT}', '${LATER}')`,
    `insert into notices (id, kind, payload, created_at) values ('n-1', 'backup_failed', '{"id":"n-1","kind":"backup_failed","at":"${AT}"}', '${AT}'), ('n-2', 'backup_completed', '{"id":"n-2","kind":"backup_completed","at":"${AT}"}', '${AT}')`,
    `insert into audit (at, user_id, actor, action, object_type, object_id, ip, outcome, detail) values ('${AT}', 1, 'ann@example.org', 'backup.create', 'backup', 1, '192.0.2.1', 'ok', '{"database_id":1}'), ('${AT}', null, 'scheduler', 'schedule.skip', 'schedule', 1, null, 'refused', null)`,
  ],
  "0002-giving-up": ["update jobs set gave_up_after = 5 where id = 3", "update backups set error_hint = 'look at the password' where id = 2"],
  "0003-alerting": [
    `update schedules set retention = '{"daily":7}', verify_every = 3 where id = 1`,
    `insert into verifications (user_id, backup_id, target_database_id, scratch_db_name, "trigger", status, tables, rows, differences, warnings, created_at, started_at, finished_at, updated_at) values (1, 1, 1, 'safebase_v1', 'manual', 'completed', 3, 30, '[]', '[]', '${AT}', '${AT}', '${LATER}', '${LATER}')`,
    `insert into objectives (user_id, database_id, kind, max_age_s, enabled, state, state_since, created_at, updated_at) values (1, 1, 'backup', 90000, 1, 'met', '${AT}', '${AT}', '${AT}'), (1, 1, 'verification', null, 1, 'none', '${AT}', '${AT}', '${AT}')`,
    `insert into channels (user_id, name, type, config_sealed, target, events, all_users, language, group_s, enabled, source, created_at, updated_at) values
      (1, 'mail', 'email', 'v1.k.n.d', 'ops@example.org', '["backup_failed"]', 1, 'en', 60, 1, 'api', '${AT}', '${AT}'), (null, 'SAFEBASE_ALERT_EMAIL', 'email', 'v1.k.n.e', 'ops@example.org', '["backup_failed"]', 1, 'en', 60, 1, 'configuration', '${AT}', '${AT}')`,
    `insert into notifications (notice_id, channel_id, channel_name, channel_type, user_id, status, attempts, answer, created_at, published_at, finished_at) values ('n-1', 1, 'mail', 'email', 1, 'delivered', 1, '250 ok', '${AT}', '${AT}', '${LATER}'), ('n-2', 1, 'mail', 'email', 1, 'pending', 0, null, '${AT}', null, null)`,
    `insert into watched (key, state, since) values ('scheduler', 'alive', '${AT}')`,
    `insert into storage_status (storage, executor_group, used_bytes, free_bytes, total_bytes, checked_at) values ('local', 'default', 5, 50, 55, '${AT}')`,
    `insert into settings (key, value, updated_at) values ('schedules_paused', 'false', '${AT}')`,
    `insert into known_places (user_id, place, first_seen_at, last_seen_at) values (1, '192.0.2.0/24 Firefox', '${AT}', '${LATER}')`,
  ],
  "0004-download-links": [`insert into download_links (id_hash, user_id, backup_id, form, created_at, created_ip, expires_at) values ('${"c".repeat(64)}', 1, 1, 'stored', '${AT}', '192.0.2.1', '${LATER}')`],
  "0005-integrity": [
    `insert into checks (user_id, backup_id, "trigger", status, result, copies, created_at, started_at, finished_at, updated_at) values (1, 1, 'scheduled', 'completed', 'good', '[]', '${AT}', '${AT}', '${LATER}', '${LATER}')`,
    `update backups set integrity = 'good', checked_at = '${LATER}' where id = 1`,
  ],
  "0006-encryption": [
    `insert into encryption_keys (user_id, name, recipient, identity_sealed, created_at) values (1, 'ours', '${RECIPIENT}', 'v1.k.n.f', '${AT}')`,
    `update databases set encryption_key_id = 1 where id = 1`, `update backups set encryption_key_id = 1, recipients = '["${RECIPIENT}"]' where id = 1`,
  ],
  "0007-api-tokens": [`insert into api_tokens (user_id, name, token_hash, created_at) values (1, 'ci', '${"d".repeat(64)}', '${AT}')`],
  "0008-sessions-ended": ["update users set sessions_ended = 2 where id = 2"],
  "0009-storages": [
    `insert into storages (user_id, name, type, target, config_sealed, shared, created_at, updated_at) values (1, 'offsite', 's3', 's3.example.org/backups', 'v1.k.n.g', 1, '${AT}', '${AT}')`,
    `insert into copies (backup_id, storage, state, created_at, updated_at) values (1, 'offsite', 'missing', '${AT}', '${AT}')`, `update databases set storages = '["local","offsite"]' where id = 1`,
  ],
  "0010-servers": [
    `insert into servers (user_id, name, type, host, port, username, ssl_mode, executor_group, include, exclude, created_at, updated_at) values (1, 'main', 'postgresql', 'db.example.org', 5432, 'app', 'prefer', 'default', '["*"]', '[]', '${AT}', '${AT}')`,
    "update databases set server_id = 1 where id = 1",
  ],
  "0012-copy-jobs": [`insert into jobs (user_id, kind, status, backup_id, copy_id, executor_group, time_limit_s, stall_limit_s, not_before, attempts, created_at) values (1, 'copy', 'pending', 1, 2, 'default', 60, 60, '${AT}', 0, '${AT}')`],
  "0013-scans": [`insert into scans (user_id, storage, status, problems, created_at, updated_at) values (1, 'offsite', 'running', '[]', '${AT}', '${AT}')`],
  "0014-parts": ["update backups set jobs = 4, globals = 1 where id = 1"],
  "0018-backup-lists": [`insert into job_log (job_id, backup_id, at, event, run, detail) values (1, 1, '${AT}', 'ordered', 0, '{}')`],
  "0019-people": [`update users set disabled_at = '${LATER}' where id = 2`],
};
