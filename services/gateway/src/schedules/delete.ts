import { deleteSchedule as remove } from "../catalog/schedules.ts";
import { announceSchedule } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkObjectives } from "../objectives/check.ts";

/** Ends a schedule; the backups that it made stay. */
export async function deleteSchedule(deps: Deps, actor: Actor, input: { id: number }): Promise<void> {
  const gone = await deps.db.transaction().execute(async (tx) => {
    const schedule = await remove(tx, input.id, actor.scope);
    if (schedule === undefined) throw missing("schedule", input.id);
    await auditDone(tx, deps, actor, "schedule.delete", { type: "schedule", id: schedule.id }, { database_id: schedule.database_id, cron: schedule.cron });
    return schedule;
  });
  deps.dispatcher.schedulesChanged();
  await announceSchedule(deps, gone.user_id, gone.id);
  await checkObjectives(deps, deps.dispatcher, { database_id: gone.database_id });
}
