import { SafebaseError } from "@safebase/contracts";
import { limitsOf } from "../backups/queue.ts";
import { lockBackup } from "../catalog/backups.ts";
import { openCheckUsing } from "../catalog/checks.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceJobs } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { getCheck } from "./get.ts";
import { queueCheck } from "./queue.ts";
import type { CheckView } from "./view.ts";

export interface CreateCheckInput { readonly backup_id: number; readonly time_limit_s?: number | undefined; readonly stall_limit_s?: number | undefined }

/** Has a completed backup's stored bytes read back. */
export async function createCheck(deps: Deps, actor: Actor, input: CreateCheckInput): Promise<CheckView> {
  const { check, job } = await deps.db.transaction().execute(async (tx) => {
    const backup = await findSource(tx, actor, input.backup_id);
    const queued = await queueCheck(tx, backup, { trigger: "manual", ...limitsOf(deps, input), at: deps.now().toISOString() });
    await auditDone(tx, deps, actor, "check.create", { type: "check", id: queued.check.id }, { backup_id: backup.id });
    return queued;
  });
  deps.dispatcher.kick();
  await announceJobs(deps, [job]);
  return getCheck(deps, { scope: "all" }, { id: check.id });
}

async function findSource(tx: Db, actor: Actor, id: number): Promise<Backup> {
  const backup = await lockBackup(tx, id, actor.scope);
  if (backup === undefined) throw missing("backup", id);
  if (backup.status !== "completed") throw new SafebaseError("conflict", `backup ${id} is ${backup.status}; only a completed backup can be checked`);
  const open = await openCheckUsing(tx, id);
  if (open === undefined) return backup;
  throw new SafebaseError("conflict", `check ${open.id} of backup ${id} is ${open.status}`, { hint: "wait until it is over, or cancel it" });
}
