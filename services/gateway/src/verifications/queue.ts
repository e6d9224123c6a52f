import { randomBytes } from "node:crypto";
import { SCRATCH_PREFIX, type Trigger } from "@safebase/contracts";
import { insertJob } from "../catalog/jobs.ts";
import type { Backup, Database, Job, Verification } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { insertVerification, nameScratch } from "../catalog/verifications.ts";

export interface VerificationOrder { readonly trigger: Trigger; readonly identities_sealed: string | null; readonly time_limit_s: number; readonly stall_limit_s: number; readonly at: string }

/** Writes a verification of a backup on a database's server, and its job. */
export async function queueVerification(tx: Db, backup: Backup, target: Database, order: VerificationOrder): Promise<{ verification: Verification; job: Job }> {
  const { trigger, identities_sealed, time_limit_s, stall_limit_s, at } = order;
  const verification = await insertVerification(tx, { user_id: backup.user_id, backup_id: backup.id, target_database_id: target.id, trigger, created_at: at });
  // Chosen by chance, so that nobody can have a database of that name.
  await nameScratch(tx, verification.id, `${SCRATCH_PREFIX}${verification.id}_${randomBytes(4).toString("hex")}`);
  const job = await insertJob(tx, {
    kind: "verify", user_id: backup.user_id, verification_id: verification.id, executor_group: target.executor_group,
    time_limit_s, stall_limit_s, not_before: at, identities_sealed, created_at: at,
  });
  return { verification, job };
}
