import { recordAudit } from "../../audit/record.ts";
import { addGroup, updateGroup } from "../../catalog/executor-groups.ts";
import type { Actor, Core } from "../../jobs/deps.ts";

/** What is left out stays; a new group is closed. */
export interface GroupChange { readonly open?: boolean | undefined; readonly note?: string | null | undefined }

export interface GroupSettings { readonly group: string; readonly open: boolean; readonly note: string | null }

/** Makes an executor group, or changes whom it is open to. */
export async function putGroup(deps: Core, actor: Actor, name: string, { open, note }: GroupChange): Promise<GroupSettings> {
  const row = await deps.db.transaction().execute(async (tx) => {
    await addGroup(tx, name, deps.now().toISOString());
    const changed = await updateGroup(tx, name, { ...(open === undefined ? {} : { open: open ? 1 : 0 }), ...(note === undefined ? {} : { note }) });
    await recordAudit(tx, { actor, action: "executor.put_group", detail: { group: name, open: changed.open === 1, note: changed.note } });
    return changed;
  });
  return { group: row.name, open: row.open === 1 || name === deps.config.executor_group, note: row.note };
}
