import { randomUUID } from "node:crypto";
import { Due, noticeOf, type Failure } from "@safebase/contracts";
import { insertAudit } from "../catalog/audit.ts";
import { backupPlannedAt, openBackupOfSchedule } from "../catalog/backups.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { runnableSchedules } from "../catalog/schedules.ts";
import type { Backup, Database, Job, Schedule } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";
import { partsOf } from "../backups/parts.ts";
import { queueBackup } from "../backups/queue.ts";
import { tell } from "../notifications/tell.ts";
import { namesOf } from "../storages/named.ts";
import { schedulesPaused } from "../settings/get.ts";
import { announceJobs } from "./announce.ts";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";

/**
 * Makes one backup for each planned time of a schedule, however often it is said to be due. All that are given are one
 * transaction: it comes through, or throws and has done nothing.
 */
export async function applyDues(core: Core, dispatcher: Pick<Dispatcher, "kick">, payloads: readonly unknown[]): Promise<void> {
  const dues = payloads.flatMap((payload) => parse(core, payload));
  if (dues.length === 0) return;
  const { jobs, told } = await core.db.transaction().execute((tx) => scheduleBackups(tx, core, dues));
  await announceJobs(core, jobs);
  if (jobs.length > 0 || told) dispatcher.kick();
}

function parse(core: Core, payload: unknown): Due[] {
  const due = Due.safeParse(payload);
  if (due.success) return [{ ...due.data, planned_at: new Date(due.data.planned_at).toISOString() }];
  core.log.error({ err: due.error }, "a due event was dropped: it is not one");
  return [];
}

interface Outcome { readonly job?: Job; readonly told?: boolean }

async function scheduleBackups(tx: Db, core: Core, dues: readonly Due[]): Promise<{ jobs: Job[]; told: boolean }> {
  const outcomes: Outcome[] = [];
  if (await schedulesPaused(tx)) return { jobs: [], told: false };
  const bySchedule = Map.groupBy(dues, ({ schedule_id }) => schedule_id);
  for (const schedule of await runnableSchedules(tx, [...bySchedule.keys()])) {
    // What was planned before the schedule was changed or resumed is old news.
    const due = (bySchedule.get(schedule.id) ?? []).filter(({ planned_at }) => Date.parse(planned_at) > Date.parse(schedule.effective_from));
    for (const each of due) outcomes.push(await scheduleBackup(tx, core, schedule, each));
  }
  return { jobs: outcomes.flatMap(({ job }) => job ?? []), told: outcomes.some(({ told }) => told === true) };
}

async function scheduleBackup(tx: Db, core: Core, schedule: Schedule, due: Due): Promise<Outcome> {
  const database = await lockDatabase(tx, schedule.database_id, "all");
  if (database === undefined || await backupPlannedAt(tx, schedule.id, due.planned_at) !== undefined) return {};
  const open = await openBackupOfSchedule(tx, schedule.id);
  if (open !== undefined) return skip(tx, core, { schedule, database, due, open });
  const queued = await queueBackup(tx, core, database, {
    trigger: due.trigger, format: schedule.format, compression: schedule.compression, ...partsOf(schedule),
    storages: namesOf(schedule.storages) ?? undefined, schedule_id: schedule.id, planned_at: due.planned_at,
  });
  if (queued === undefined) return {}; // another gateway was first
  await audit(tx, core, schedule, "backup.create", "ok", { backup_id: queued.backup.id, planned_at: due.planned_at, trigger: due.trigger });
  return { job: queued.job };
}

interface Skipped { readonly schedule: Schedule; readonly database: Database; readonly due: Due; readonly open: Backup }

/** Two dumps of one database at once slow each other and the server down; the time that is left out is said, not hidden. */
async function skip(tx: Db, core: Core, { schedule, database, due, open }: Skipped): Promise<Outcome> {
  const { planned_at, trigger } = due;
  core.log.warn({ schedule_id: schedule.id, planned_at, backup_id: open.id }, "a scheduled backup was skipped: the one before is not over");
  await audit(tx, core, schedule, "schedule.skip", "refused", { planned_at, unfinished_backup_id: open.id });
  const error: Failure = {
    code: "conflict", message: `backup ${open.id} of the same schedule was still ${open.status} when that of ${planned_at} was due`,
    hint: "see why that one takes so long, or plan fewer backups",
  };
  const owner = await findUser(tx, database.user_id);
  await tell(tx, noticeOf("backup_skipped", randomUUID(), core.now().toISOString(), {
    user_id: database.user_id, user_email: owner?.email ?? null, database: { id: database.id, name: database.name, type: database.type }, backup_id: open.id, trigger, error,
  }));
  return { told: true };
}

async function audit(tx: Db, core: Core, schedule: Schedule, action: string, outcome: "ok" | "refused", detail: object): Promise<void> {
  await insertAudit(tx, {
    at: core.now().toISOString(), user_id: schedule.user_id, actor: "scheduler", action, object_type: "schedule", object_id: schedule.id,
    ip: null, outcome, detail: JSON.stringify(detail),
  });
}
