import { insertAudit } from "../catalog/audit.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core } from "./deps.ts";

/** Notes in the audit log what somebody did to one thing, in the transaction that does it. */
export async function auditDone(
  tx: Db, core: Core, actor: Actor, action: string, object: { type: string; id: number }, detail: Record<string, unknown> = {},
): Promise<void> {
  await insertAudit(tx, {
    at: core.now().toISOString(), user_id: actor.user_id, actor: actor.email, action, object_type: object.type, object_id: object.id,
    ip: actor.ip, outcome: "ok", detail: JSON.stringify(detail),
  });
}
