import type { Progress } from "@safebase/contracts";
import type { Job } from "../catalog/schema.ts";

/** A job as the API shows it: the work behind a backup, a restore, a verification, a check, a copy or a deletion. */
export type JobView = ReturnType<typeof jobView>;

export function jobView(job: Job, progress: Progress | null) {
  return {
    id: job.id, user_id: job.user_id, kind: job.kind, status: job.status, backup_id: job.backup_id, restore_id: job.restore_id, verification_id: job.verification_id, check_id: job.check_id, copy_id: job.copy_id,
    attempts: job.attempts, not_before: job.not_before, after_job_id: job.after_job_id, published_at: job.published_at,
    cancel_requested_at: job.cancel_requested_at, progress, created_at: job.created_at, started_at: job.started_at, finished_at: job.finished_at,
  };
}
