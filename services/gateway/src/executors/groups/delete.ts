import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../../audit/record.ts";
import { deleteGroup as remove } from "../../catalog/executor-groups.ts";
import { deleteJoinTokensOf } from "../../catalog/join-tokens.ts";
import { groupsInUse } from "../../catalog/watched.ts";
import type { Actor, Core } from "../../jobs/deps.ts";

/** Forgets an executor group that no database and no server needs. Executors of it run on, with nothing to do. */
export async function deleteGroup(deps: Core, actor: Actor, name: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    if ((await groupsInUse(tx)).includes(name)) {
      throw new SafebaseError("conflict", `databases or servers are in the group ${name}`, { hint: "move them to another group first" });
    }
    if (!await remove(tx, name)) throw new SafebaseError("not_found", `there is no executor group ${name}`);
    await deleteJoinTokensOf(tx, name);
    await recordAudit(tx, { actor, action: "executor.delete_group", detail: { group: name } });
  });
}
