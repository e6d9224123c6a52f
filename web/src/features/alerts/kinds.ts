import type { NOTICE_SEVERITY, NoticeKind, Severity } from "@safebase/contracts";
import type { ChannelType, NotificationStatus } from "./types.ts";

/** How much each matters; exactly what the contracts say, without what they are made of. */
export const SEVERITY: typeof NOTICE_SEVERITY = {
  backup_completed: "info", backup_recovered: "info", backup_failed: "critical", backup_skipped: "warning", backup_expired: "info", backup_damaged: "critical",
  copy_missing: "warning", copy_damaged: "warning", copy_repaired: "info", restore_completed: "info", restore_failed: "critical", verification_completed: "info", verification_failed: "critical",
  objective_at_risk: "warning", objective_missed: "critical", objective_met: "info", executor_lost: "critical", executor_back: "info", scheduler_lost: "critical", scheduler_back: "info",
  gateway_lost: "critical", gateway_back: "info", notifier_lost: "critical", notifier_back: "info", catalog_backup_failed: "critical",
  storage_unreachable: "critical", storage_back: "info", storage_nearly_full: "warning", storage_has_space: "info", login_new_place: "warning",
  server_databases_changed: "warning", server_sync_failed: "warning", server_sync_recovered: "info",
};
export const KINDS = Object.keys(SEVERITY) as NoticeKind[];
export const SEVERITIES = Object.keys({ critical: 1, warning: 1, info: 1 } satisfies Record<Severity, 1>) as Severity[];

/** Everything a delivery can be, what is open first. */
export const OUTCOMES = Object.keys({ pending: 1, retrying: 1, delivered: 1, dead: 1 } satisfies Record<NotificationStatus, 1>) as NotificationStatus[];

/** What belongs together, and what a reader looks for first. */
export const GROUPS = {
  backups: ["backup_failed", "backup_recovered", "backup_completed", "backup_skipped", "backup_expired"],
  safety: ["backup_damaged", "copy_missing", "copy_damaged", "copy_repaired", "verification_failed", "verification_completed"],
  restores: ["restore_failed", "restore_completed"],
  objectives: ["objective_missed", "objective_at_risk", "objective_met"],
  storages: ["storage_unreachable", "storage_back", "storage_nearly_full", "storage_has_space"],
  servers: ["server_databases_changed", "server_sync_failed", "server_sync_recovered"],
  installation: ["executor_lost", "executor_back", "scheduler_lost", "scheduler_back", "gateway_lost", "gateway_back", "notifier_lost", "notifier_back", "catalog_backup_failed"],
  account: ["login_new_place"],
} as const satisfies Record<string, readonly NoticeKind[]>;
export type Group = keyof typeof GROUPS;

/** Ends of what was wrong: told with the trouble itself, they spare a look. */
const ENDS: readonly NoticeKind[] = ["backup_recovered", "objective_met", "server_sync_recovered", ...KINDS.filter((kind) => kind.endsWith("_back"))];

export const PRESETS = {
  failures: KINDS.filter((kind) => SEVERITY[kind] === "critical"),
  trouble: KINDS.filter((kind) => SEVERITY[kind] !== "info" || ENDS.includes(kind)),
  everything: KINDS,
} as const satisfies Record<string, readonly NoticeKind[]>;
export type Preset = keyof typeof PRESETS;

/** What a new channel begins with, as the API has it. */
export function usualKinds(type: ChannelType): readonly NoticeKind[] {
  if (type === "webhook") return KINDS;
  return type === "healthchecks" ? ["backup_completed", "backup_recovered", "backup_failed"] : PRESETS.trouble;
}

/** The preset that is just these, or none. */
export function presetOf(kinds: readonly NoticeKind[]): Preset | undefined {
  return (Object.keys(PRESETS) as Preset[]).find((name) => PRESETS[name].length === kinds.length && PRESETS[name].every((kind) => kinds.includes(kind)));
}
