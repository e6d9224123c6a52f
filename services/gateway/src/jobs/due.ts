import { Due } from "@safebase/contracts";
import { insertAudit } from "../catalog/audit.ts";
import { backupPlannedAt, openBackupOfSchedule } from "../catalog/backups.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { findSchedule } from "../catalog/schedules.ts";
import type { Job, Schedule } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { queueBackup } from "../backups/queue.ts";
import { announceJobs } from "./announce.ts";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";

/** Makes one backup for each planned time of a schedule, however often it is said to be due. */
export async function applyDue(core: Core, dispatcher: Dispatcher, payload: unknown): Promise<void> {
  const parsed = Due.safeParse(payload);
  if (!parsed.success) return core.log.error({ err: parsed.error }, "a due event was dropped: it is not one");
  const due = { ...parsed.data, planned_at: new Date(parsed.data.planned_at).toISOString() };
  const job = await core.db.transaction().execute((tx) => scheduleBackup(tx, core, due));
  if (job === undefined) return;
  await announceJobs(core, [job]);
  dispatcher.kick();
}

async function scheduleBackup(tx: Db, core: Core, due: Due): Promise<Job | undefined> {
  const schedule = await findSchedule(tx, due.schedule_id, "all");
  if (schedule === undefined || schedule.enabled !== 1) return undefined;
  const database = await lockDatabase(tx, schedule.database_id, "all");
  if (database === undefined || await backupPlannedAt(tx, schedule.id, due.planned_at) !== undefined) return undefined;
  const open = await openBackupOfSchedule(tx, schedule.id);
  if (open !== undefined) {
    // Two dumps of one database at once slow each other and the server down; the skipped time is said, not hidden.
    core.log.warn({ schedule_id: schedule.id, planned_at: due.planned_at, backup_id: open.id }, "a scheduled backup was skipped: the one before is not over");
    await audit(tx, core, schedule, "schedule.skip", "refused", { planned_at: due.planned_at, unfinished_backup_id: open.id });
    return undefined;
  }
  const queued = await queueBackup(tx, core, database, {
    trigger: due.trigger, format: schedule.format, compression: schedule.compression, schedule_id: schedule.id, planned_at: due.planned_at,
  });
  if (queued === undefined) return undefined; // another gateway was first
  await audit(tx, core, schedule, "backup.create", "ok", { backup_id: queued.backup.id, planned_at: due.planned_at, trigger: due.trigger });
  return queued.job;
}

async function audit(tx: Db, core: Core, schedule: Schedule, action: string, outcome: "ok" | "refused", detail: object): Promise<void> {
  await insertAudit(tx, {
    at: core.now().toISOString(), user_id: schedule.user_id, actor: "scheduler", action, object_type: "schedule", object_id: schedule.id,
    ip: null, outcome, detail: JSON.stringify(detail),
  });
}
