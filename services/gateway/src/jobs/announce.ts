import { subjects, type UiEvent } from "@safebase/contracts";
import { backupView } from "../backups/view.ts";
import { findBackup } from "../catalog/backups.ts";
import { findCheck } from "../catalog/checks.ts";
import { copiesOf } from "../catalog/copies.ts";
import { findRestore } from "../catalog/restores.ts";
import { findSchedule } from "../catalog/schedules.ts";
import { findVerification, openVerificationUsing } from "../catalog/verifications.ts";
import { checkView } from "../checks/view.ts";
import { restoreView } from "../restores/view.ts";
import { scheduleView } from "../schedules/view.ts";
import { currentSettings } from "../settings/get.ts";
import { verificationView } from "../verifications/view.ts";
import type { Job } from "../catalog/schema.ts";
import type { Core } from "./deps.ts";

type Subject = Readonly<Pick<Job, "user_id" | "backup_id" | "restore_id" | "verification_id" | "check_id">>;

/** Shows browsers what has become of a job's backup, restore, verification or check. After the commit; nobody waits for it. */
export async function announceJobs(core: Core, jobs: readonly Subject[]): Promise<void> {
  for (const job of jobs) {
    if (job.restore_id !== null) await announceRestore(core, job.user_id, job.restore_id);
    else if (job.verification_id !== null) await announceVerification(core, job.user_id, job.verification_id);
    else if (job.check_id !== null) await announceCheck(core, job.user_id, job.check_id);
    else if (job.backup_id !== null) await announceBackup(core, job.user_id, job.backup_id);
  }
}

/** The same for jobs that have ended just now, which are counted, too; with what their end has changed or begun. */
export async function announceEnded(core: Core, jobs: readonly Job[]): Promise<void> {
  await core.outcomes.count(jobs);
  await announceJobs(core, jobs);
  for (const { kind, user_id, backup_id, verification_id, check_id } of jobs) {
    const begun = kind === "backup" && backup_id !== null ? await openVerificationUsing(core.db, backup_id) : undefined;
    if (begun !== undefined) await announceVerification(core, user_id, begun.id);
    const proved = verification_id === null ? undefined : await findVerification(core.db, verification_id, "all");
    if (proved?.status === "completed") await announceBackup(core, user_id, proved.backup_id);
    const checked = check_id === null ? undefined : await findCheck(core.db, check_id, "all");
    if (checked?.status === "completed") await announceBackup(core, user_id, checked.backup_id);
  }
}

/** A backup that is gone is shown as `{id, deleted: true}`. */
export async function announceBackup(core: Core, userId: number, id: number): Promise<void> {
  const row = await findBackup(core.db, id, "all");
  broadcast(core, { user_id: userId, event: "backup", data: row === undefined ? { id, deleted: true } : { ...backupView(row, null, await copiesOf(core.db, [id])) } });
}

async function announceRestore(core: Core, userId: number, id: number): Promise<void> {
  const row = await findRestore(core.db, id, "all");
  if (row !== undefined) broadcast(core, { user_id: userId, event: "restore", data: { ...restoreView(row, null, core.now()) } });
}

async function announceVerification(core: Core, userId: number, id: number): Promise<void> {
  const row = await findVerification(core.db, id, "all");
  if (row !== undefined) broadcast(core, { user_id: userId, event: "verification", data: { ...verificationView(row, null) } });
}

async function announceCheck(core: Core, userId: number, id: number): Promise<void> {
  const row = await findCheck(core.db, id, "all");
  if (row !== undefined) broadcast(core, { user_id: userId, event: "check", data: { ...checkView(row, null) } });
}

export async function announceSchedule(core: Core, userId: number, id: number): Promise<void> {
  const row = await findSchedule(core.db, id, "all");
  const data = row === undefined ? { id, deleted: true } : { ...scheduleView(row, core.now(), await currentSettings(core.db)) };
  broadcast(core, { user_id: userId, event: "schedule", data });
}

function broadcast(core: Core, event: UiEvent): void {
  core.bus.broadcast(subjects.ui, event);
}
