import { pageOfAudit, type AuditFilter } from "../catalog/audit.ts";
import type { AuditEntry } from "../catalog/schema.ts";
import type { Actor, Core } from "../jobs/deps.ts";

export const MOST_EXPORTED = 10_000;
const COLUMNS = ["at", "actor", "action", "object_type", "object_id", "outcome", "ip", "detail"] as const satisfies readonly (keyof AuditEntry)[];

/** One's own entries as CSV, the newest first; everybody's for an admin who asks for all. */
export async function exportAudit(deps: Pick<Core, "db">, actor: Actor, filter: Omit<AuditFilter, "user_id">): Promise<string> {
  const user_id = actor.scope === "all" ? undefined : actor.scope.user_id;
  const { rows } = await pageOfAudit(deps.db, { ...filter, user_id }, { limit: MOST_EXPORTED, offset: 0 });
  return [COLUMNS.join(","), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(","))].join("\r\n") + "\r\n";
}

/** A table program must not take text for a formula: it would be whoever's email or name. */
function cell(value: string | number | null): string {
  const text = String(value ?? "");
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
