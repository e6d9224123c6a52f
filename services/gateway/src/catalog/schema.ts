import type { Compression, CopyState, EngineType, ErrorCode, Format, IntegrityState, Trigger } from "@safebase/contracts";
import type { ColumnType, Generated, Insertable, Selectable } from "kysely";
import type {
  ChannelsTable, NoticesTable, NotificationsTable, ObjectivesTable, StorageStatusTable, VerificationsTable, WatchedTable,
} from "./alerting-schema.ts";
import type { DownloadLinksTable } from "./download-links.ts";
import type { Right } from "../auth/rights.ts";
import type { EncryptionKeysTable } from "./encryption-keys.ts";
import type { ExecutorGroupsTable } from "./executor-groups.ts";
import type { JobLogTable } from "./job-log.ts";
import type { JobsTable } from "./jobs-schema.ts";
import type { JoinTokensTable } from "./join-tokens.ts";
import type { ScansTable } from "./scans.ts";
import type { ServerColumns } from "./server-columns.ts";
import type { ServersTable } from "./servers.ts";
import type { CopiesTable, StoragesTable } from "./storages-schema.ts";

export { NOTIFICATION_STATUSES, OBJECTIVE_STATES, type NotificationStatus, type ObjectiveState } from "./alerting-schema.ts";

/**
 * The catalog, alike on SQLite and PostgreSQL: times are ISO-8601 UTC text (they sort as text), flags are 0 or 1,
 * documents are JSON text, sizes are 64-bit integers that come back as numbers.
 */
export interface Catalog {
  users: UsersTable;
  revoked_tokens: { jti: string; expires_at: string };
  login_throttle: { key: string; failures: number; window_started_at: string; locked_until: string | null };
  servers: ServersTable;
  databases: DatabasesTable;
  backups: BackupsTable;
  copies: CopiesTable;
  storages: StoragesTable;
  scans: ScansTable;
  restores: RestoresTable;
  schedules: SchedulesTable;
  jobs: JobsTable;
  job_log: JobLogTable;
  verifications: VerificationsTable;
  checks: ChecksTable;
  objectives: ObjectivesTable;
  channels: ChannelsTable;
  notices: NoticesTable;
  notifications: NotificationsTable;
  watched: WatchedTable;
  storage_status: StorageStatusTable;
  settings: { key: string; value: string; updated_at: string };
  encryption_keys: EncryptionKeysTable;
  /** Each opens a backup: what it was ordered to be encrypted with. */
  backup_keys: { backup_id: number; encryption_key_id: number };
  known_places: { user_id: number; place: string; first_seen_at: string; last_seen_at: string };
  download_links: DownloadLinksTable;
  api_tokens: ApiTokensTable;
  executor_groups: ExecutorGroupsTable;
  join_tokens: JoinTokensTable;
  audit: AuditTable;
}

export const ROLES = ["admin", "operator", "user", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const STATUSES = ["pending", "running", "completed", "failed", "canceled"] as const;
/** pending → running → completed | failed | canceled; the last three are final. */
export type Status = (typeof STATUSES)[number];

interface UsersTable {
  id: Generated<number>;
  email: string; // lower case, unique
  password_hash: string;
  role: Role;
  created_at: string;
  /** Counts up when all sessions end: a token holds with the number that it was made with. */
  sessions_ended: Generated<number>;
  /** Until then he has seen his notices. */
  notices_seen_at: string | null;
  /** Since when nobody gets in. */
  disabled_at: Generated<string | null>;
  /** Until when a password holds that an admin gave out and that is to be changed; null for one's own. */
  password_expires_at: Generated<string | null>;
  last_login_at: Generated<string | null>;
}

interface DatabasesTable extends ServerColumns {
  id: Generated<number>;
  user_id: number;
  name: string;
  db_name: string;
  /** JSON RetentionPolicy for backups that no schedule with a policy of its own made; null keeps all. */
  retention: Generated<string | null>;
  /** What its backups are encrypted with; null leaves them in the clear. */
  encryption_key_id: Generated<number | null>;
  /** JSON list of the storages that its backups go to, where nothing else is said; null for the local one. */
  storages: Generated<string | null>;
  /** The server that it was registered with; null for one that was registered by itself. */
  server_id: Generated<number | null>;
  /** Since when that server does not have it any more. */
  missing_since: Generated<string | null>;
  created_at: string;
  updated_at: string;
  /** Unregistered: kept, without password, for the history of its backups. */
  deleted_at: string | null;
}

interface BackupsTable {
  id: Generated<number>;
  user_id: number;
  database_id: number;
  schedule_id: number | null;
  /** Of a scheduled backup; unique with schedule_id, so that a due event seen twice runs once. */
  planned_at: string | null;
  trigger: Trigger;
  type: EngineType;
  format: Format;
  compression: Compression;
  /** In how many parts it is dumped; null for auto. */
  jobs: Generated<number | null>;
  /** With the server's roles. */
  globals: Generated<number>;
  stem: string;
  filename: string | null;
  filepath: string | null; // key in each storage
  status: Status;
  size_bytes: number | null;
  raw_size_bytes: number | null;
  sha256: string | null;
  server: string | null;
  tool: string | null;
  contents: string | null; // JSON Contents
  parts: Generated<string | null>; // JSON BackupPart[]; null where it is one, or was made before there were several
  warnings: string | null; // JSON Warning[]
  error_code: ErrorCode | null;
  error_msg: string | null;
  error_hint: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
  /** Asked to be deleted: hidden at once. The row stays, for restores that name it and for events that come late. */
  deleted_at: string | null;
  /** Its artifact has gone from the storage. */
  purged_at: string | null;
  /** 1: retention never removes it. */
  pinned: Generated<number>;
  /** When a test restore last proved it. */
  verified_at: Generated<string | null>;
  /** The key that it was ordered to be encrypted with, and JSON of whom it is encrypted to. */
  encryption_key_id: Generated<number | null>;
  recipients: Generated<string | null>;
  /** What was found when its bytes were last read back, and when. */
  integrity: Generated<IntegrityState>;
  checked_at: Generated<string | null>;
}

interface RestoresTable {
  id: Generated<number>;
  user_id: number;
  backup_id: number;
  /** The registered database whose server is restored to. */
  target_database_id: number;
  target_db_name: string;
  must_be_new: number;
  /** MySQL and MariaDB in place: the backup that is taken first. */
  safety_backup_id: number | null;
  status: Status;
  replaced: number | null;
  warnings: string | null;
  error_code: ErrorCode | null;
  error_msg: string | null;
  error_hint: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
}

interface SchedulesTable {
  id: Generated<number>;
  user_id: number;
  database_id: number;
  name: string;
  cron: string;
  timezone: string;
  enabled: number;
  format: Format | null;
  compression: Compression | null;
  /** As those of the backups that it makes. */
  jobs: Generated<number | null>;
  globals: Generated<number>;
  jitter_s: Generated<number>;
  /** JSON list of storages; null for its database's. */
  storages: Generated<string | null>;
  /** JSON RetentionPolicy for the backups that it makes; null leaves them to their database's. */
  retention: Generated<string | null>;
  /** Each so many-th completed backup is test-restored; null for none. */
  verify_every: Generated<number | null>;
  /** The registered database on whose server that happens; null for the backup's own. */
  verify_database_id: Generated<number | null>;
  /** When its times were last set, or it was resumed: earlier ones are not caught up on. */
  effective_from: string;
  created_at: string;
  updated_at: string;
}

/** A reading back of what is stored of a backup. */
interface ChecksTable {
  id: Generated<number>;
  user_id: number;
  backup_id: number;
  trigger: Trigger;
  status: Status;
  /** What the backup was found to be; null until it is completed. */
  result: CopyState | null;
  copies: string | null; // JSON CheckResult["copies"]
  error_code: ErrorCode | null;
  error_msg: string | null;
  error_hint: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
}

/** What a user's script shows instead of a session; the token itself is kept nowhere. */
interface ApiTokensTable {
  id: Generated<number>;
  user_id: number;
  name: string;
  token_hash: string; // SHA-256
  /** Up to which right it may do what its user may. */
  rights: Right;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_used_ip: string | null;
}

interface AuditTable {
  id: Generated<number>;
  at: string;
  user_id: number | null;
  actor: string; // email, or "scheduler"
  action: string; // "backup.create"
  object_type: string | null;
  object_id: number | null;
  ip: string | null;
  outcome: "ok" | "refused" | "failed";
  detail: ColumnType<string | null, string | null, never>; // JSON, without secrets
}

export type User = Selectable<UsersTable>;
export type Database = Selectable<DatabasesTable>;
export type NewDatabase = Insertable<DatabasesTable>;
export type { Server } from "./servers.ts";
export type Backup = Selectable<BackupsTable>;
export type NewBackup = Insertable<BackupsTable>;
export type Restore = Selectable<RestoresTable>;
export type NewRestore = Insertable<RestoresTable>;
export type Schedule = Selectable<SchedulesTable>;
export type NewSchedule = Insertable<SchedulesTable>;
export type Job = Selectable<JobsTable>;
export type NewJob = Insertable<JobsTable>;
export type ApiToken = Selectable<ApiTokensTable>;
export type NewApiToken = Insertable<ApiTokensTable>;
export type AuditEntry = Selectable<AuditTable>;
export type NewAuditEntry = Insertable<AuditTable>;
export type Verification = Selectable<VerificationsTable>;
export type NewVerification = Insertable<VerificationsTable>;
export type Check = Selectable<ChecksTable>;
export type NewCheck = Insertable<ChecksTable>;
export type Objective = Selectable<ObjectivesTable>;
export type Channel = Selectable<ChannelsTable>;
export type NewChannel = Insertable<ChannelsTable>;
export type Notification = Selectable<NotificationsTable>;
export type StorageStatus = Selectable<StorageStatusTable>;
