import { SafebaseError } from "@safebase/contracts";
import { limitsOf } from "../backups/queue.ts";
import { lockBackup } from "../catalog/backups.ts";
import { lockDatabase } from "../catalog/databases.ts";
import type { Backup, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { openVerificationUsing } from "../catalog/verifications.ts";
import { announceJobs } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { lockedBackup, sealIdentities } from "../keys/identities.ts";
import { getVerification } from "./get.ts";
import { queueVerification } from "./queue.ts";
import type { VerificationView } from "./view.ts";

export interface CreateVerificationInput {
  readonly backup_id: number;
  /** The registered database on whose server the backup is test-restored; without one its own. */
  readonly target?: { readonly database_id?: number | undefined } | undefined;
  /** age's, for a backup that is encrypted with a key whose identity is not kept here. */
  readonly identity?: string | undefined;
  readonly time_limit_s?: number | undefined;
  readonly stall_limit_s?: number | undefined;
}

/** Orders a test restore of a completed backup. */
export async function createVerification(deps: Deps, actor: Actor, input: CreateVerificationInput): Promise<VerificationView> {
  const { verification, job } = await deps.db.transaction().execute(async (tx) => {
    const backup = await findSource(tx, actor, input.backup_id);
    const target = await findTarget(tx, backup, input.target?.database_id);
    const identities_sealed = await sealIdentities(tx, deps.secrets, [lockedBackup(backup)], input.identity);
    const queued = await queueVerification(tx, backup, target, { trigger: "manual", identities_sealed, ...limitsOf(deps, input), at: deps.now().toISOString() });
    await auditDone(tx, deps, actor, "verification.create", { type: "verification", id: queued.verification.id }, { backup_id: backup.id, database_id: target.id });
    return queued;
  });
  deps.dispatcher.kick();
  await announceJobs(deps, [job]);
  return getVerification(deps, { scope: "all" }, { id: verification.id });
}

async function findSource(tx: Db, actor: Actor, id: number): Promise<Backup> {
  const backup = await lockBackup(tx, id, actor.scope);
  if (backup === undefined) throw missing("backup", id);
  if (backup.status !== "completed") throw new SafebaseError("conflict", `backup ${id} is ${backup.status}; only a completed backup can be verified`);
  const open = await openVerificationUsing(tx, id);
  if (open === undefined) return backup;
  throw new SafebaseError("conflict", `verification ${open.id} of backup ${id} is ${open.status}`, { hint: "wait until it is over, or cancel it" });
}

/** Of the backup's owner, whoever asks: an admin does not load one user's data into another's server. */
async function findTarget(tx: Db, backup: Backup, asked: number | undefined): Promise<Database> {
  const database = await lockDatabase(tx, asked ?? backup.database_id, { user_id: backup.user_id });
  if (database === undefined) {
    if (asked !== undefined) throw missing("database", asked);
    throw new SafebaseError("conflict", `the database of backup ${backup.id} is not registered any more`, { hint: "name another in target.database_id" });
  }
  if (database.type === backup.type) return database;
  throw new SafebaseError("bad_request", `target: a backup of ${backup.type} cannot be restored to a ${database.type} server`);
}
