import type { EngineType, ErrorCode } from "@safebase/contracts";
import type { OfDatabase } from "../catalog/standings.ts";

/** What somebody should look at. Each kind has a next action of its own. */
export const ATTENTION_KINDS = [
  "never_backed_up", "objective_missed", "objective_at_risk", "unplanned", "unproved", "backup_failed", "backups_damaged", "copies_lost", "verification_failed", "check_failed", "restore_failed",
  "executors_lost", "executor_lost", "scheduler_lost", "notifier_lost", "schedules_paused", "storage_unreachable", "storage_full", "catalog_backup_overdue", "alerts_undelivered",
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];
export type AttentionSeverity = "warning" | "critical";

export interface Attention {
  /** The same as long as it is about the same. */
  readonly id: string;
  readonly kind: AttentionKind;
  readonly severity: AttentionSeverity;
  readonly since: string | null;
  /** Whose it is; null for what concerns the whole installation. */
  readonly owner: { readonly id: number; readonly email: string } | null;
  readonly database: { readonly id: number; readonly name: string; readonly type: EngineType } | null;
  readonly backup_id: number | null;
  readonly restore_id: number | null;
  readonly storage: { readonly id: number; readonly name: string } | null;
  readonly channel: { readonly id: number; readonly name: string } | null;
  readonly executor: { readonly group: string | null; readonly id: string | null } | null;
  readonly error_code: ErrorCode | null;
  readonly error_msg: string | null;
  readonly count: number | null;
  /** When the data was taken of the newest backup that counts. */
  readonly newest_at: string | null;
  readonly limit_s: number | null;
  readonly used_percent: number | null;
}

const NOTHING = {
  owner: null, database: null, backup_id: null, restore_id: null, storage: null, channel: null, executor: null,
  error_code: null, error_msg: null, count: null, newest_at: null, limit_s: null, used_percent: null,
} as const;

/** One of which only what is given is known. `about`: what tells it from others of its kind. */
export function attentionOf(kind: AttentionKind, severity: AttentionSeverity, since: string | null, about: string | number, known: Partial<Omit<Attention, "id" | "kind" | "severity" | "since">> = {}): Attention {
  return { ...NOTHING, ...known, id: `${kind}:${about}`, kind, severity, since };
}

/** Whose, and of which database it is. */
export function ofDatabase({ database_id, database_name, database_type, user_id, user_email }: OfDatabase): Pick<Attention, "owner" | "database"> {
  return { owner: { id: user_id, email: user_email }, database: { id: database_id, name: database_name, type: database_type } };
}

/** The worst first, then what began last. */
export function inOrder(items: readonly Attention[]): Attention[] {
  const rank = ({ severity }: Attention): number => (severity === "critical" ? 0 : 1);
  return items.toSorted((one, other) => rank(one) - rank(other) || (other.since ?? "").localeCompare(one.since ?? "") || one.id.localeCompare(other.id));
}
