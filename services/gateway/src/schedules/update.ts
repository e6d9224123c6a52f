import { checkFormat } from "../backups/format.ts";
import { checkParts, partsOf } from "../backups/parts.ts";
import { anyDatabase } from "../catalog/databases.ts";
import { findSchedule, updateSchedule as change } from "../catalog/schedules.ts";
import type { Schedule } from "../catalog/schema.ts";
import { announceSchedule } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkObjectives } from "../objectives/check.ts";
import { checkedPlan, checkJitter } from "./cron.ts";
import { getSchedule } from "./get.ts";
import { columnsOf, type ScheduleOptions } from "./input.ts";
import { checkVerifier } from "./verifier.ts";
import type { ScheduleView } from "./view.ts";

/** What is not named stays as it is; `null` gives a choice back to the default. */
export interface UpdateScheduleInput extends ScheduleOptions {
  readonly id: number;
  readonly cron?: string | undefined;
  readonly timezone?: string | undefined;
}

/** Changes a schedule; the scheduler follows at once. */
export async function updateSchedule(deps: Deps, actor: Actor, { id, cron, timezone, ...options }: UpdateScheduleInput): Promise<ScheduleView> {
  await deps.db.transaction().execute(async (tx) => {
    const before = await findSchedule(tx, id, actor.scope);
    if (before === undefined) throw missing("schedule", id);
    const database = await anyDatabase(tx, before.database_id);
    checkFormat(database.type, options.format);
    checkParts(database.type, options.format === undefined ? before.format : options.format, { ...partsOf(before), ...options });
    await checkVerifier(tx, database, options.verify_database_id);
    const plan = checkedPlan({ cron: cron ?? before.cron, timezone: timezone ?? before.timezone }, deps.now());
    checkJitter(options.jitter_s ?? before.jitter_s, plan, deps.now());
    const at = deps.now().toISOString();
    const columns = await columnsOf(tx, before.user_id, options);
    const wanted = { ...before, ...plan, ...columns };
    const after = await change(tx, id, actor.scope, {
      ...plan, ...columns, effective_from: runsDifferently(before, wanted) ? at : before.effective_from, updated_at: at,
    });
    if (after === undefined) throw missing("schedule", id);
    await auditDone(tx, deps, actor, "schedule.update", { type: "schedule", id }, { ...options, ...(cron === undefined ? {} : { cron: plan.cron }), ...(timezone === undefined ? {} : { timezone }) });
  });
  deps.dispatcher.schedulesChanged();
  const view = await getSchedule(deps, actor, { id });
  await announceSchedule(deps, view.user_id, id);
  await checkObjectives(deps, deps.dispatcher, { database_id: view.database_id });
  return view;
}

/** Then times from before the change are none of the schedule's: they are not caught up on. */
function runsDifferently(before: Schedule, after: Pick<Schedule, "cron" | "timezone" | "enabled">): boolean {
  return before.cron !== after.cron || before.timezone !== after.timezone || before.enabled !== after.enabled;
}
