import { checkFormat } from "../backups/format.ts";
import { anyDatabase } from "../catalog/databases.ts";
import { findSchedule, updateSchedule as change } from "../catalog/schedules.ts";
import { announceSchedule } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import type { CreateScheduleInput } from "./create.ts";
import { checkCron } from "./cron.ts";
import { getSchedule } from "./get.ts";
import type { ScheduleView } from "./view.ts";

/** What is not named stays as it is; `null` gives format or compression back to the default. */
export type UpdateScheduleInput = { readonly id: number } & Partial<Omit<CreateScheduleInput, "database_id">>;

/** Changes a schedule; the scheduler follows at once. */
export async function updateSchedule(deps: Deps, actor: Actor, { id, ...input }: UpdateScheduleInput): Promise<ScheduleView> {
  await deps.db.transaction().execute(async (tx) => {
    const before = await findSchedule(tx, id, actor.scope);
    if (before === undefined) throw missing("schedule", id);
    checkFormat((await anyDatabase(tx, before.database_id)).type, input.format);
    const cron = input.cron?.trim().replaceAll(/\s+/g, " ") ?? before.cron;
    const timezone = input.timezone ?? before.timezone;
    checkCron(cron, timezone, deps.now());
    const after = await change(tx, id, actor.scope, {
      cron, timezone, name: input.name ?? before.name, enabled: (input.enabled ?? before.enabled === 1) ? 1 : 0,
      format: input.format === undefined ? before.format : input.format,
      compression: input.compression === undefined ? before.compression : input.compression, updated_at: deps.now().toISOString(),
    });
    if (after === undefined) throw missing("schedule", id);
    await auditDone(tx, deps, actor, "schedule.update", { type: "schedule", id }, { ...input });
  });
  deps.dispatcher.schedulesChanged();
  const view = await getSchedule(deps, actor, { id });
  await announceSchedule(deps, view.user_id, id);
  return view;
}
