import { recordAudit } from "../audit/record.ts";
import * as catalog from "../catalog/api-tokens.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";

/** Revokes an API token: it holds no more, from the next request on. */
export async function deleteApiToken(deps: Core, actor: Actor, { id }: { readonly id: number }): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await catalog.deleteApiToken(tx, id, actor.scope);
    if (row === undefined) throw missing("API token", id);
    await recordAudit(tx, { actor, action: "token.delete", object: { type: "token", id }, detail: { name: row.name, user_id: row.user_id } });
  });
}
