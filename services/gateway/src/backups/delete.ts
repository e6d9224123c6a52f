import { SafebaseError } from "@safebase/contracts";
import { lockBackup } from "../catalog/backups.ts";
import { openCheckUsing } from "../catalog/checks.ts";
import { isFinal } from "../catalog/jobs.ts";
import { openRestoreUsing } from "../catalog/restores.ts";
import type { Backup } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { openVerificationUsing } from "../catalog/verifications.ts";
import { announceBackup } from "../jobs/announce.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { discardBackup } from "./discard.ts";

/** Deletes a backup: hidden at once, its artifact removed by an executor as soon as one can. */
export async function deleteBackup(deps: Deps, actor: Actor, input: { id: number }): Promise<void> {
  const backup = await deps.db.transaction().execute(async (tx) => {
    const row = await lockBackup(tx, input.id, actor.scope);
    if (row === undefined) throw missing("backup", input.id);
    await refuseWhileNeeded(tx, row);
    await discardBackup(tx, row, deps.now().toISOString());
    await auditDone(tx, deps, actor, "backup.delete", { type: "backup", id: row.id }, { database_id: row.database_id, filename: row.filename });
    return row;
  });
  deps.dispatcher.kick();
  await announceBackup(deps, backup.user_id, backup.id);
}

async function refuseWhileNeeded(tx: Db, backup: Backup): Promise<void> {
  if (!isFinal(backup.status)) {
    throw new SafebaseError("conflict", `backup ${backup.id} is ${backup.status}`, { hint: "cancel it first" });
  }
  if (backup.pinned === 1) {
    throw new SafebaseError("conflict", `backup ${backup.id} is pinned`, { hint: `unpin it first: PUT /api/backups/${backup.id} {"pinned": false}` });
  }
  await refuseWhileRead(tx, backup);
}

/** Throws while a restore, a verification or a check reads the backup. */
export async function refuseWhileRead(tx: Db, backup: Backup): Promise<void> {
  const restore = await openRestoreUsing(tx, backup.id);
  if (restore !== undefined) throw stillNeeded(`restore ${restore.id}`, backup);
  const verification = await openVerificationUsing(tx, backup.id);
  if (verification !== undefined) throw stillNeeded(`verification ${verification.id}`, backup);
  const check = await openCheckUsing(tx, backup.id);
  if (check !== undefined) throw stillNeeded(`check ${check.id}`, backup);
}

function stillNeeded(by: string, backup: Backup): SafebaseError {
  return new SafebaseError("conflict", `${by} needs backup ${backup.id}`, { hint: "wait until it is over, or cancel it" });
}
