import { insertAudit } from "../catalog/audit.ts";
import { findDatabase } from "../catalog/databases.ts";
import { findSchedule } from "../catalog/schedules.ts";
import type { Backup, Job, Schedule } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { completedSinceVerification, openVerificationOfSchedule } from "../catalog/verifications.ts";
import { keptIdentity } from "../keys/identities.ts";
import { queueVerification } from "./queue.ts";

/**
 * Has each so many-th completed backup of a schedule verified, counted from the last that was verified or was to be: in
 * the transaction that completes it. While one is not over no other is queued, so that they never pile up; the next
 * backup's comes after it.
 */
export async function verifyIfDue(tx: Db, made: Job, backup: Backup, at: string): Promise<void> {
  if (backup.schedule_id === null) return;
  const schedule = await findSchedule(tx, backup.schedule_id, "all");
  if (schedule === undefined || schedule.verify_every === null) return;
  if (await completedSinceVerification(tx, schedule.id) < schedule.verify_every) return;
  if (await openVerificationOfSchedule(tx, schedule.id) !== undefined) return;
  const target = await findDatabase(tx, schedule.verify_database_id ?? backup.database_id, "all");
  if (target === undefined) return audit(tx, schedule, "refused", at, { backup_id: backup.id, verify_database_id: schedule.verify_database_id });
  const identities_sealed = await keptIdentity(tx, backup);
  if (backup.recipients !== null && identities_sealed === null) return audit(tx, schedule, "refused", at, { backup_id: backup.id, reason: "its identity is kept away" });
  const { time_limit_s, stall_limit_s } = made;
  const { verification } = await queueVerification(tx, backup, target, { trigger: "scheduled", identities_sealed, time_limit_s, stall_limit_s, at });
  await audit(tx, schedule, "ok", at, { backup_id: backup.id, verification_id: verification.id, database_id: target.id });
}

async function audit(tx: Db, schedule: Schedule, outcome: "ok" | "refused", at: string, detail: object): Promise<void> {
  await insertAudit(tx, {
    at, user_id: schedule.user_id, actor: "scheduler", action: "verification.create", object_type: "schedule", object_id: schedule.id, ip: null, outcome,
    detail: JSON.stringify(detail),
  });
}
