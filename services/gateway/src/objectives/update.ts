import { subjects, type UiEvent } from "@safebase/contracts";
import { findObjective, updateObjective as change } from "../catalog/objectives.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkObjectives } from "./check.ts";
import { getObjective } from "./get.ts";
import type { ObjectiveView } from "./view.ts";

/** What is not named stays as it is; `null` gives the limit back to the schedules. */
export interface UpdateObjectiveInput { readonly id: number; readonly max_age_s?: number | null | undefined; readonly enabled?: boolean | undefined }

/** Changes how old a database's newest backup may get, and judges it by that at once. */
export async function updateObjective(deps: Deps, actor: Actor, { id, max_age_s, enabled }: UpdateObjectiveInput): Promise<ObjectiveView> {
  const { database_id } = await deps.db.transaction().execute(async (tx) => {
    const before = await findObjective(tx, id, actor.scope);
    if (before === undefined) throw missing("objective", id);
    const settings = { max_age_s: max_age_s === undefined ? before.max_age_s : max_age_s, enabled: (enabled ?? before.enabled === 1) ? 1 : 0 };
    const after = await change(tx, id, actor.scope, { ...settings, updated_at: deps.now().toISOString() });
    if (after === undefined) throw missing("objective", id);
    await auditDone(tx, deps, actor, "objective.update", { type: "objective", id }, { ...settings, kind: before.kind, database_id: before.database_id });
    return before;
  });
  await checkObjectives(deps, deps.dispatcher, { database_id });
  const view = await getObjective(deps, actor, { id });
  const event: UiEvent = { user_id: view.user_id, event: "objective", data: { ...view } };
  deps.bus.broadcast(subjects.ui, event);
  return view;
}
