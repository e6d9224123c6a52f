import type { Failure } from "@safebase/contracts";
import { anyBackup } from "../catalog/backups.ts";
import { anyRestore } from "../catalog/restores.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { anyVerification } from "../catalog/verifications.ts";
import type { Outcome } from "./final.ts";

/** So many runs may die before a job is given up, and so many more that only clear up after them. */
export const MAX_RUNS = 5;
export const MAX_CLEAN_UPS = 3;

/** Runs that ended without a word, if they are over: their executors died, or were killed. */
export function died({ attempts, handed_back }: Pick<Job, "attempts" | "handed_back">): number {
  return attempts - handed_back;
}

/**
 * How a job that was given up ends once its last run has cleared up: failed, with a sentence of what became of what it
 * wrote to. Completed, if the work turned out to have been done in full; canceled, if the user asked for it meanwhile.
 */
export function outcomeOfCleanUp(job: Job, outcome: Outcome): Outcome {
  if (job.gave_up_after === null || outcome.status === "completed") return outcome;
  if (outcome.status === "failed") {
    const { message, hint } = outcome.failure;
    return { status: "failed", failure: failure(job, `; clearing up after it failed: ${message}`, hint) };
  }
  if (job.cancel_requested_at !== null) return outcome;
  return { status: "failed", failure: failure(job, CLEARED[job.kind]) };
}

const CLEARED: Record<Job["kind"], string> = {
  backup: "; nothing of it is left in the storage", delete: "", restore: "; the target is as it was before", verify: "; nothing of it is left on the server", check: "",
  copy: "; nothing of it is left in the storage",
};

/** Nobody could clear up. */
export async function failureUncleared(db: Db, job: Job): Promise<Failure> {
  const cleanUps = died(job) - (job.gave_up_after ?? 0);
  if (cleanUps === 0) return failure(job, "");
  return failure(job, `, and ${times(cleanUps)} while it cleared up after it`, await hintUncleared(db, job));
}

async function hintUncleared(db: Db, job: Job): Promise<string | undefined> {
  if (job.kind === "verify" && job.verification_id !== null) {
    const { scratch_db_name } = await anyVerification(db, job.verification_id);
    return `a database whose name begins with ${scratch_db_name} may be left on the server: it can be dropped; ${SEE_LOG}`;
  }
  if (job.kind !== "restore" || job.restore_id === null) return undefined;
  const { target_db_name: name, must_be_new, safety_backup_id, backup_id } = await anyRestore(db, job.restore_id);
  const { type } = await anyBackup(db, backup_id);
  if (type === "postgresql") return `a database whose name begins with safebase_${job.id}_ may be left on the server of ${name}: it can be dropped`;
  if (must_be_new === 1) return `an incomplete database ${name} may be left on the server: it can be dropped`;
  return `${name} may be incomplete: restore ${safety_backup_id === null ? "a backup" : `its safety backup ${safety_backup_id}`} into it when the cause is gone; ${SEE_LOG}`;
}

const SEE_LOG = "see the executor's log and its memory limit";

function failure(job: Job, rest: string, hint = SEE_LOG): Failure {
  return { code: "gave_up", message: `the executor died or was stopped ${times(job.gave_up_after ?? died(job))} while it ran this job${rest}`, hint };
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
