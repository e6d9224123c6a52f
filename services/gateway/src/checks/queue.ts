import { SafebaseError, type Trigger } from "@safebase/contracts";
import { insertCheck } from "../catalog/checks.ts";
import { insertJob, jobsOfBackup } from "../catalog/jobs.ts";
import type { Backup, Check, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

export interface CheckOrder { readonly trigger: Trigger; readonly time_limit_s: number; readonly stall_limit_s: number; readonly at: string }

/** Writes a check of a locked backup and its job, for the executors that made it: they reach its storage. */
export async function queueCheck(tx: Db, backup: Backup, order: CheckOrder): Promise<{ check: Check; job: Job }> {
  const { trigger, time_limit_s, stall_limit_s, at } = order;
  const [made] = await jobsOfBackup(tx, backup.id, "backup");
  if (made === undefined) throw new SafebaseError("internal", `backup ${backup.id} has no job`);
  const check = await insertCheck(tx, { user_id: backup.user_id, backup_id: backup.id, trigger, created_at: at });
  const job = await insertJob(tx, {
    kind: "check", user_id: backup.user_id, check_id: check.id, executor_group: made.executor_group, time_limit_s, stall_limit_s, not_before: at, created_at: at,
  });
  return { check, job };
}
