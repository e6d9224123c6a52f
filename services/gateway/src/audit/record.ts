import { insertAudit } from "../catalog/audit.ts";
import type { Db } from "../catalog/scope.ts";
import type { AuditEntry } from "../catalog/schema.ts";

export interface AuditInput {
  readonly actor: { readonly user_id: number | null; readonly email: string; readonly ip: string | null };
  readonly action: string;
  readonly object?: { readonly type: string; readonly id: number } | undefined;
  readonly outcome?: AuditEntry["outcome"];
  /** Without secrets. */
  readonly detail?: Record<string, unknown> | undefined;
}

/** Writes who did what, when and from where. Pass a transaction to write it with the effect itself. */
export async function recordAudit(db: Db, input: AuditInput): Promise<void> {
  await insertAudit(db, {
    at: new Date().toISOString(), user_id: input.actor.user_id, actor: input.actor.email, ip: input.actor.ip,
    action: input.action, object_type: input.object?.type ?? null, object_id: input.object?.id ?? null,
    outcome: input.outcome ?? "ok", detail: input.detail === undefined ? null : JSON.stringify(input.detail),
  });
}
