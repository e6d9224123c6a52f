import { recordAudit } from "../../audit/record.ts";
import * as catalog from "../../catalog/join-tokens.ts";
import type { Actor, Core } from "../../jobs/deps.ts";
import { missing } from "../../jobs/missing.ts";

/** Revokes a join token. What has joined by it stays. */
export async function deleteJoinToken(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await catalog.deleteJoinToken(tx, id, actor.scope);
    if (row === undefined) throw missing("join token", id);
    await recordAudit(tx, { actor, action: "executor.delete_join_token", object: { type: "join_token", id }, detail: { group: row.executor_group, user_id: row.user_id, used: row.used_at !== null } });
  });
}
