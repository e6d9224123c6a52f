import type { ChannelType, ErrorCode, Language, NoticeKind, ObjectiveKind, Severity, Trigger } from "@safebase/contracts";
import type { Generated } from "kysely";
import type { Status } from "./schema.ts";

/** A test restore of a backup. */
export interface VerificationsTable {
  id: Generated<number>;
  user_id: number;
  backup_id: number;
  /** The registered database on whose server the scratch database is made. */
  target_database_id: number;
  scratch_db_name: string;
  trigger: Trigger;
  status: Status;
  tables: number | null;
  rows: number | null;
  differences: string | null; // JSON VerifyResult["differences"]
  warnings: string | null;
  error_code: ErrorCode | null;
  error_msg: string | null;
  error_hint: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
}

export const OBJECTIVE_STATES = ["none", "met", "at_risk", "missed"] as const;
/** `none`: there is nothing to hold it to, neither a limit nor a schedule. */
export type ObjectiveState = (typeof OBJECTIVE_STATES)[number];

/** How old a database's newest backup, or newest verified backup, may get. */
export interface ObjectivesTable {
  id: Generated<number>;
  user_id: number;
  database_id: number;
  kind: ObjectiveKind;
  /** Null: twice the interval of its schedules. */
  max_age_s: number | null;
  enabled: Generated<number>;
  state: Generated<ObjectiveState>;
  state_since: string;
  created_at: string;
  updated_at: string;
}

export interface ChannelsTable {
  id: Generated<number>;
  /** Null for those of the configuration. */
  user_id: number | null;
  name: string;
  type: ChannelType;
  config_sealed: string; // JSON ChannelConfig
  /** Where it leads, as it may be shown: "hooks.slack.com", "ann@example.org". */
  target: string;
  events: string; // JSON NoticeKind[]
  database_ids: string | null; // JSON number[]; null for all
  /** 1: is told of everybody's databases and of the installation itself; an admin's alone. */
  all_users: Generated<number>;
  language: Language;
  group_s: number;
  enabled: Generated<number>;
  source: "api" | "configuration";
  created_at: string;
  updated_at: string;
}

/** What there was to tell, told to somebody or not. */
export interface NoticesTable {
  id: string;
  kind: NoticeKind;
  severity: Severity | null;
  user_id: number | null;
  database_id: number | null;
  payload: string; // JSON Notice
  created_at: string;
  /** When browsers were told, those that were there. */
  shown_at: Generated<string | null>;
}

export const NOTIFICATION_STATUSES = ["pending", "retrying", "delivered", "dead"] as const;
export type NotificationStatus = (typeof NOTIFICATION_STATUSES)[number];

/** One notice for one channel, and the outbox: what is pending or retrying is published again until it is over. */
export interface NotificationsTable {
  id: Generated<number>;
  notice_id: string;
  channel_id: number;
  channel_name: string;
  channel_type: ChannelType;
  user_id: number | null; // the channel's
  status: NotificationStatus;
  attempts: Generated<number>;
  group_id: string | null;
  group_size: number | null;
  answer: string | null;
  error: string | null;
  created_at: string;
  published_at: string | null;
  last_tried_at: string | null;
  next_try_at: string | null;
  finished_at: string | null;
}

/** What is told once when it changes: "scheduler", "executors:default", "storage:local:default". */
export interface WatchedTable {
  key: string;
  state: string;
  since: string;
  last_seen_at: string | null;
  detail: string | null; // JSON
}

export interface StorageStatusTable {
  storage: string;
  executor_group: string;
  /** Null until it was reached once. */
  used_bytes: number | null;
  free_bytes: number | null;
  total_bytes: number | null;
  checked_at: string;
  /** Why it could not be reached then; null when it could. */
  error_code: Generated<ErrorCode | null>;
  error_msg: Generated<string | null>;
  error_hint: Generated<string | null>;
}
