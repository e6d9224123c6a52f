import { CLASSIC_RETENTION } from "@safebase/contracts";
import { checkFormat } from "../backups/format.ts";
import { checkParts } from "../backups/parts.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import { announceSchedule } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkObjectives } from "../objectives/check.ts";
import { checkedPlan, checkJitter } from "./cron.ts";
import { getSchedule } from "./get.ts";
import { columnsOf, type ScheduleOptions } from "./input.ts";
import { checkVerifier } from "./verifier.ts";
import type { ScheduleView } from "./view.ts";

export interface CreateScheduleInput extends ScheduleOptions {
  readonly database_id: number;
  readonly cron: string;
  readonly timezone?: string | undefined;
}

/** Has a database backed up at the times of a cron expression. */
export async function createSchedule(deps: Deps, actor: Actor, input: CreateScheduleInput): Promise<ScheduleView> {
  const id = await deps.db.transaction().execute((tx) => addSchedule(tx, deps, actor, input));
  deps.dispatcher.schedulesChanged();
  const view = await getSchedule(deps, actor, { id });
  await announceSchedule(deps, view.user_id, id);
  await checkObjectives(deps, deps.dispatcher, { database_id: view.database_id });
  return view;
}

/** The same as part of a transaction; answers its id. The scheduler and browsers are to be told after the commit. */
export async function addSchedule(tx: Db, deps: Core, actor: Actor, input: CreateScheduleInput): Promise<number> {
  const { database_id, cron, timezone = "UTC", ...options } = input;
  const plan = checkedPlan({ cron, timezone }, deps.now());
  checkJitter(options.jitter_s ?? 0, plan, deps.now());
  const at = deps.now().toISOString();
  const database = await lockDatabase(tx, database_id, actor.scope);
  if (database === undefined) throw missing("database", database_id);
  checkFormat(database.type, options.format);
  checkParts(database.type, options.format, options);
  await checkVerifier(tx, database, options.verify_database_id);
  const columns = await columnsOf(tx, database.user_id, { retention: CLASSIC_RETENTION, ...options });
  const schedule = await insertSchedule(tx, {
    user_id: database.user_id, database_id: database.id, name: database.name, ...plan, enabled: 1, format: null, compression: null, ...columns,
    effective_from: at, created_at: at, updated_at: at,
  });
  await auditDone(tx, deps, actor, "schedule.create", { type: "schedule", id: schedule.id }, { database_id: database.id, ...plan, ...options });
  return schedule.id;
}
