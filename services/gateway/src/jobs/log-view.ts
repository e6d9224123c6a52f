import type { JobKind } from "@safebase/contracts";
import type { AuditEntry } from "../catalog/schema.ts";
import { LOG_EVENTS, type LogDetail, type LogRow } from "../catalog/job-log.ts";

/** What users did with a backup, by the name that the audit log has for it. */
const DONE = {
  "backup.pin": "pinned", "backup.unpin": "unpinned", "backup.download": "downloaded", "link.create": "link_made", "link.use": "link_used", "job.cancel": "cancel_requested",
} as const;
/** Orders by hand: each tells who ordered a job. */
const ORDERED = { backup: "backup.create", restore: "restore.create", verify: "verification.create", check: "check.create" } as const;

/** The entries of the audit log that a log tells of. */
export const AUDITED = [...Object.keys(DONE), ...Object.values(ORDERED)];
export const SHOWN_EVENTS = [...LOG_EVENTS, ...Object.values(DONE), "link_refused"] as const;

/** A line of a log as the API shows it. */
export interface LogLine {
  readonly at: string;
  readonly event: (typeof SHOWN_EVENTS)[number];
  readonly job_id: number | null;
  readonly kind: JobKind | null;
  readonly phase: string | null;
  readonly run: number;
  /** Who did or ordered it, where it was somebody. */
  readonly actor: string | null;
  readonly ip: string | null;
  readonly detail: LogDetail;
}

/** What happened, in order. */
export function logLines(rows: readonly LogRow[], audit: readonly AuditEntry[]): LogLine[] {
  const ordered = new Map(audit.filter(({ action }) => Object.values<string>(ORDERED).includes(action)).map((entry) => [`${entry.action} ${entry.object_id}`, entry.actor]));
  const lines = rows.map((row): LogLine => ({
    at: row.at, event: row.event, job_id: row.job_id, kind: row.kind, phase: row.phase, run: row.run,
    actor: row.event === "ordered" ? ordered.get(`${isOrder(row.kind) ? ORDERED[row.kind] : ""} ${subjectOf(row)}`) ?? null : null, ip: null,
    detail: JSON.parse(row.detail) as LogDetail,
  }));
  return [...lines, ...audit.toReversed().flatMap(doneLine)].sort((a, b) => (a.at === b.at ? rankOf(a) - rankOf(b) : a.at < b.at ? -1 : 1));
}

/** In one millisecond: what was ordered comes before what somebody did with it, and that before what came of it. */
function rankOf({ event, kind }: LogLine): number {
  return event === "ordered" ? 0 : kind === null ? 1 : 2;
}

const isOrder = (kind: JobKind): kind is keyof typeof ORDERED => kind in ORDERED;

function subjectOf({ kind, backup_id, restore_id, verification_id, check_id }: LogRow): number | null {
  return kind === "backup" ? backup_id : restore_id ?? verification_id ?? check_id;
}

function doneLine({ at, action, object_type, object_id, actor, ip, outcome, detail }: AuditEntry): LogLine[] {
  const event = DONE[action as keyof typeof DONE];
  if (event === undefined) return [];
  const { form, part, reason } = JSON.parse(detail ?? "{}") as { form?: string; part?: string; reason?: string };
  const said = { ...(form === undefined ? {} : { form }), ...(part === undefined ? {} : { part }), ...(reason === undefined ? {} : { message: reason }) };
  const refused = event === "link_used" && outcome !== "ok";
  return [{ at, event: refused ? "link_refused" : event, job_id: object_type === "job" ? object_id : null, kind: null, phase: null, run: 0, actor, ip, detail: said }];
}
