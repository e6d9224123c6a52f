import { SafebaseError } from "@safebase/contracts";
import { destinationOf } from "../backups/destination.ts";
import { limitsOf, queueBackup } from "../backups/queue.ts";
import { checkDbName } from "../databases/db-name.ts";
import { lockBackup } from "../catalog/backups.ts";
import { newestIntact } from "../catalog/checks.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { insertJob } from "../catalog/jobs.ts";
import { insertRestore, openRestoreTo } from "../catalog/restores.ts";
import type { Backup, Database, Job, Restore } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { isLost } from "../checks/end.ts";
import { announceJobs } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { lockedBackup, sealIdentities, type Locked } from "../keys/identities.ts";
import { getRestore } from "./get.ts";
import type { RestoreView } from "./view.ts";

export interface CreateRestoreInput {
  readonly backup_id: number;
  /** The name of the database that is written to, once more. */
  readonly confirm: string;
  readonly delay_s?: number | undefined;
  readonly target?: { readonly database_id?: number | undefined; readonly db_name?: string | undefined } | undefined;
  /** False: MySQL and MariaDB in place without a safety backup first, for a target that cannot be dumped. Default: true. */
  readonly safety_backup?: boolean | undefined;
  /** age's, one or several, for what is encrypted and not kept here. */
  readonly identity?: string | undefined;
  readonly time_limit_s?: number | undefined;
  readonly stall_limit_s?: number | undefined;
}

const DELAY_S = { default: 10, max: 3_600 };

/** Does the target have to be saved first? `waived`: it would have to be, and the user does not want it. */
type Safety = "needed" | "waived" | "not_needed";

interface Plan { readonly backup: Backup; readonly database: Database; readonly db_name: string; readonly in_place: boolean; readonly safety: Safety; readonly not_before: string }

/**
 * Orders a restore of a completed backup: into its own database, another registered one, or one with a new name on
 * either's server. MySQL and MariaDB in place: a safety backup is ordered with it and comes first, unless it is refused.
 */
export async function createRestore(deps: Deps, actor: Actor, input: CreateRestoreInput): Promise<RestoreView> {
  const delay_s = input.delay_s ?? DELAY_S.default;
  if (!(delay_s >= 0 && delay_s <= DELAY_S.max)) throw new SafebaseError("bad_request", `delay_s: must be from 0 to ${DELAY_S.max}`);
  const not_before = new Date(deps.now().getTime() + delay_s * 1000).toISOString();
  const { restore, jobs } = await deps.db.transaction().execute(async (tx) => {
    const plan: Plan = { ...await findParts(tx, actor, input), not_before };
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

/** The backup and the target, locked, if they go together and the user knows what he does. */
async function findParts(tx: Db, actor: Actor, input: CreateRestoreInput): Promise<Omit<Plan, "not_before">> {
  const backup = await lockBackup(tx, input.backup_id, actor.scope);
  if (backup === undefined) throw missing("backup", input.backup_id);
  if (backup.status !== "completed") {
    throw new SafebaseError("conflict", `backup ${backup.id} is ${backup.status}; only a completed backup can be restored`);
  }
  if (isLost(backup.integrity)) throw await refusal(tx, backup);
  const database = await findTarget(tx, actor, backup, input.target?.database_id);
  if (database.type !== backup.type) {
    throw new SafebaseError("bad_request", `target: a backup of ${backup.type} cannot be restored to a ${database.type} database`);
  }
  const db_name = input.target?.db_name ?? database.db_name;
  checkDbName("target.db_name", database.type, db_name);
  if (input.confirm !== db_name) {
    throw new SafebaseError("bad_request", `confirm: type the name of the database that is written to: ${db_name}`);
  }
  const in_place = db_name === database.db_name;
  return { backup, database, db_name, in_place, safety: safetyOf(database, in_place, input) };
}

/** A restore reads everything before it changes anything, so this only spares the way to a certain failure. */
async function refusal(tx: Db, backup: Backup): Promise<SafebaseError> {
  const { id, integrity, checked_at, database_id } = backup;
  const other = await newestIntact(tx, database_id);
  const found = integrity === "missing" ? "missing from its storage" : "damaged";
  const again = `if it was put right, have it checked again: POST /api/backups/${id}/check`;
  return new SafebaseError("conflict", `backup ${id} was found ${found} by the check of ${checked_at}`, {
    hint: other === undefined ? again : `restore backup ${other}, the newest that is not; or, ${again}`,
  });
}

/** PostgreSQL loads beside the target and swaps: it has its way back without. */
function safetyOf({ type }: Database, in_place: boolean, { safety_backup }: CreateRestoreInput): Safety {
  if (!in_place || type === "postgresql") return "not_needed";
  return safety_backup === false ? "waived" : "needed";
}

async function findTarget(tx: Db, actor: Actor, backup: Backup, asked: number | undefined): Promise<Database> {
  const database = await lockDatabase(tx, asked ?? backup.database_id, actor.scope);
  if (database !== undefined) return database;
  if (asked !== undefined) throw missing("database", asked);
  throw new SafebaseError("conflict", `the database of backup ${backup.id} is not registered any more`, { hint: "name another in target.database_id" });
}

/** A backup at work on the target is no obstacle: the dispatcher lets the one that came second wait. */
async function refuseIfBusy(tx: Db, { database, db_name }: Plan): Promise<void> {
  const other = await openRestoreTo(tx, { host: database.host, port: database.port, db_name });
  if (other === undefined) return;
  throw new SafebaseError("target_busy", `restore ${other.id} to ${db_name} is ${other.status}`, { hint: "wait until it is over, or cancel it" });
}

/** What the restore may have to open: the backup, and the safety backup that it puts back when it fails. */
async function toOpen(tx: Db, { backup, database, safety }: Plan): Promise<Locked[]> {
  const source = lockedBackup(backup);
  if (safety !== "needed") return [source];
  const { keys } = await destinationOf(tx, database);
  return [source, { what: `the safety backup of ${database.name}`, recipients: [...new Set(keys.map(({ recipient }) => recipient))], by: keys }];
}

async function order(
  tx: Db, deps: Deps, plan: Plan, input: CreateRestoreInput & { readonly identities_sealed: string | null },
): Promise<{ restore: Restore; jobs: Job[] }> {
  const created_at = deps.now().toISOString();
  const safety = plan.safety === "needed"
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
