import { z } from "zod";
import { TRIGGERS } from "./commands.ts";
import { Failure } from "./events.ts";

export const SEVERITIES = ["info", "warning", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What people can be told, and how much it matters. */
export const NOTICE_SEVERITY = {
  backup_completed: "info",
  /** The first success after a failure. Channels that want `backup_completed` get it as well. */
  backup_recovered: "info",
  backup_failed: "critical",
  /** A planned time that was left out, because the backup before was not over. */
  backup_skipped: "warning",
  backup_expired: "info",
  /** What is stored of a backup is not what was written any more. */
  backup_damaged: "critical",
  /** A backup was completed, but not in all of its storages. Nothing is lost yet, as with the next. */
  copy_missing: "warning",
  /** One copy of a backup is not what was written any more; another is. */
  copy_damaged: "warning",
  copy_repaired: "info",
  restore_completed: "info",
  restore_failed: "critical",
  verification_completed: "info",
  verification_failed: "critical",
  objective_at_risk: "warning",
  objective_missed: "critical",
  objective_met: "info",
  executor_lost: "critical",
  executor_back: "info",
  scheduler_lost: "critical",
  scheduler_back: "info",
  gateway_lost: "critical",
  gateway_back: "info",
  notifier_lost: "critical",
  notifier_back: "info",
  /** The catalog itself could not be backed up, to one of its storages at least. */
  catalog_backup_failed: "critical",
  /** Backups that were to go there fail, or lack a copy. */
  storage_unreachable: "critical",
  storage_back: "info",
  storage_nearly_full: "warning",
  storage_has_space: "info",
  login_new_place: "warning",
  /** Databases of a server that is followed came, are gone, or may not be entered. */
  server_databases_changed: "warning",
  server_sync_failed: "warning",
  server_sync_recovered: "info",
} as const satisfies Record<string, Severity>;

export const NOTICE_KINDS = Object.keys(NOTICE_SEVERITY) as [NoticeKind, ...NoticeKind[]];
export type NoticeKind = keyof typeof NOTICE_SEVERITY;

export const OBJECTIVE_KINDS = ["backup", "verification"] as const;
export type ObjectiveKind = (typeof OBJECTIVE_KINDS)[number];

/** Databases that are new on a server and registered, there again, gone from it, or not to be entered by the user. */
export const SERVER_CHANGES = ["added", "returned", "vanished", "closed"] as const;
export type ServerChange = (typeof SERVER_CHANGES)[number];

/** What people may want to be told: an outcome as the catalog recorded it, with names instead of ids. No secrets. */
export const Notice = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  severity: z.enum(SEVERITIES),
  at: z.iso.datetime(),
  /** Whose it is; null for what concerns the whole installation. */
  user_id: z.int().nullable(),
  user_email: z.string().nullable(),
  database: z.object({ id: z.int(), name: z.string(), type: z.string() }).nullable(),
  backup_id: z.int().nullable(),
  restore_id: z.int().nullable(),
  verification_id: z.int().nullable(),
  trigger: z.enum(TRIGGERS).nullable(),
  /** How many backups, where one notice tells of several. `size_bytes` is then that of all. */
  count: z.int().nullable().default(null),
  /** The storages whose copies of the backup it is about. */
  copies: z.array(z.string()).nullable().default(null),
  size_bytes: z.number().nullable(),
  duration_ms: z.number().nullable(),
  error: Failure.nullable(),
  objective: z.object({
    kind: z.enum(OBJECTIVE_KINDS), limit_s: z.number(), /** Of the newest that counts; null when there is none yet. */ age_s: z.number().nullable(),
  }).nullable(),
  /** The part of SafeBase that fell silent or came back. */
  service: z.object({ name: z.string(), id: z.string().nullable(), group: z.string().nullable(), last_seen_at: z.iso.datetime().nullable() }).nullable(),
  /** `id` is its name. How full it is, where that is told. */
  storage: z.object({ id: z.string(), used_bytes: z.number().nullable(), free_bytes: z.number().nullable(), total_bytes: z.number().nullable() }).nullable(),
  login: z.object({ ip: z.string().nullable(), user_agent: z.string().nullable() }).nullable(),
  /** A server whose databases are followed, and what changed among them. */
  server: z.object({
    id: z.int(), name: z.string(),
    changes: z.array(z.object({ what: z.enum(SERVER_CHANGES), count: z.int(), /** The first of them. */ names: z.array(z.string()) })),
  }).nullable().default(null),
});
export type Notice = z.infer<typeof Notice>;

const NOTHING = {
  user_id: null, user_email: null, database: null, backup_id: null, restore_id: null, verification_id: null, trigger: null,
  count: null, copies: null, size_bytes: null, duration_ms: null, error: null, objective: null, service: null, storage: null, login: null, server: null,
} as const;

/** A notice of which only what is given is known. */
export function noticeOf(kind: NoticeKind, id: string, at: string, known: Partial<Omit<Notice, "id" | "kind" | "severity" | "at">> = {}): Notice {
  return { ...NOTHING, ...known, id, kind, severity: NOTICE_SEVERITY[kind], at };
}
