import { findBackup } from "../catalog/backups.ts";
import { copiesOf } from "../catalog/copies.ts";
import { lastVerification } from "../catalog/verifications.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { backupDetails, type BackupDetails } from "./view.ts";

/** One backup, with warnings, contents, its last verification, and while it runs its progress. */
export async function getBackup(deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<BackupDetails> {
  const row = await findBackup(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("backup", input.id);
  return backupDetails(row, row.status === "running" ? deps.progress.of(row.job_id) : null, await copiesOf(deps.db, [row.id]), await lastVerification(deps.db, row.id));
}
