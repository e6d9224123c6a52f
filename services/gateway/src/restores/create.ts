import { SafebaseError } from "@safebase/contracts";
import { limitsOf, queueBackup } from "../backups/queue.ts";
import { insertJob } from "../catalog/jobs.ts";
import { insertRestore } from "../catalog/restores.ts";
import type { Job, Restore } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceJobs } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { sealIdentities } from "../keys/identities.ts";
import { getRestore } from "./get.ts";
import { findParts, refuseIfBusy, toOpen, type RestoreInput, type RestoreParts } from "./parts.ts";
import type { RestoreView } from "./view.ts";

export interface CreateRestoreInput extends RestoreInput {
  /** The name of the database that is written to, once more. */
  readonly confirm: string;
  readonly delay_s?: number | undefined;
  readonly time_limit_s?: number | undefined;
  readonly stall_limit_s?: number | undefined;
}

const DELAY_S = { default: 10, max: 3_600 };

type Plan = RestoreParts & { readonly not_before: string };

/**
 * Orders a restore of a completed backup: into its own database, another registered one, or one with a new name on
 * either's server. MySQL and MariaDB in place: a safety backup is ordered with it and comes first, unless it is refused;
 * for PostgreSQL, where it is wanted.
 */
export async function createRestore(deps: Deps, actor: Actor, input: CreateRestoreInput): Promise<RestoreView> {
  const delay_s = input.delay_s ?? DELAY_S.default;
  if (!(delay_s >= 0 && delay_s <= DELAY_S.max)) throw new SafebaseError("bad_request", `delay_s: must be from 0 to ${DELAY_S.max}`);
  const not_before = new Date(deps.now().getTime() + delay_s * 1000).toISOString();
  const { restore, jobs } = await deps.db.transaction().execute(async (tx) => {
    const plan: Plan = { ...await findParts(tx, actor, input), not_before };
    if (input.confirm !== plan.db_name) throw new SafebaseError("bad_request", `confirm: type the name of the database that is written to: ${plan.db_name}`);
    await refuseIfBusy(tx, plan);
    const identities_sealed = await sealIdentities(tx, deps.secrets, await toOpen(tx, plan), input.identity);
    const ordered = await order(tx, deps, plan, { ...input, identities_sealed });
    await auditDone(tx, deps, actor, "restore.create", { type: "restore", id: ordered.restore.id }, {
      backup_id: plan.backup.id, database_id: plan.database.id, db_name: plan.db_name, in_place: plan.in_place, ...(plan.safety === "waived" ? { safety_backup: false } : {}),
    });
    return ordered;
  });
  deps.dispatcher.kick();
  await announceJobs(deps, jobs);
  return getRestore(deps, { scope: "all" }, { id: restore.id });
}

async function order(
  tx: Db, deps: Deps, plan: Plan, input: CreateRestoreInput & { readonly identities_sealed: string | null },
): Promise<{ restore: Restore; jobs: Job[] }> {
  const created_at = deps.now().toISOString();
  const safety = plan.safety === "needed" || plan.safety === "wanted"
    ? await queueBackup(tx, deps, plan.database, { ...input, trigger: "safety", not_before: plan.not_before }) : undefined;
  const restore = await insertRestore(tx, {
    user_id: plan.database.user_id, backup_id: plan.backup.id, target_database_id: plan.database.id, target_db_name: plan.db_name,
    must_be_new: plan.in_place ? 0 : 1, safety_backup_id: safety?.backup.id ?? null, created_at,
  });
  const job = await insertJob(tx, {
    kind: "restore", user_id: plan.database.user_id, restore_id: restore.id, executor_group: plan.database.executor_group,
    ...limitsOf(deps, input), not_before: plan.not_before, after_job_id: safety?.job.id ?? null, identities_sealed: input.identities_sealed, created_at,
  });
  return { restore, jobs: safety === undefined ? [job] : [safety.job, job] };
}
