import type { Compression, Format } from "@safebase/contracts";
import { checkFormat } from "../backups/format.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import { announceSchedule } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkCron } from "./cron.ts";
import { getSchedule } from "./get.ts";
import type { ScheduleView } from "./view.ts";

export interface CreateScheduleInput {
  readonly database_id: number;
  readonly name?: string | undefined;
  readonly cron: string;
  readonly timezone?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly format?: Format | null | undefined;
  readonly compression?: Compression | null | undefined;
}

/** Has a database backed up at the times of a cron expression. */
export async function createSchedule(deps: Deps, actor: Actor, input: CreateScheduleInput): Promise<ScheduleView> {
  const timezone = input.timezone ?? "UTC";
  const cron = input.cron.trim().replaceAll(/\s+/g, " ");
  checkCron(cron, timezone, deps.now());
  const at = deps.now().toISOString();
  const id = await deps.db.transaction().execute(async (tx) => {
    const database = await lockDatabase(tx, input.database_id, actor.scope);
    if (database === undefined) throw missing("database", input.database_id);
    checkFormat(database.type, input.format);
    const schedule = await insertSchedule(tx, {
      user_id: database.user_id, database_id: database.id, name: input.name ?? database.name, cron, timezone,
      enabled: input.enabled === false ? 0 : 1, format: input.format ?? null, compression: input.compression ?? null, effective_from: at, created_at: at, updated_at: at,
    });
    await auditDone(tx, deps, actor, "schedule.create", { type: "schedule", id: schedule.id }, { database_id: database.id, cron, timezone });
    return schedule.id;
  });
  deps.dispatcher.schedulesChanged();
  const view = await getSchedule(deps, actor, { id });
  await announceSchedule(deps, view.user_id, id);
  return view;
}
