import { findBackup } from "../catalog/backups.ts";
import { copiesOf } from "../catalog/copies.ts";
import { lastVerification } from "../catalog/verifications.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { waitsFor } from "../jobs/waits-for.ts";
import { backupDetails, type BackupDetails } from "./view.ts";

type Reads = Pick<Deps, "db" | "progress" | "config" | "now">;

/** One backup, with warnings, contents, its last verification, what it waits for, and while it runs its progress. */
export async function getBackup(deps: Reads, actor: Pick<Actor, "scope">, input: { id: number }): Promise<BackupDetails> {
  const row = await findBackup(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("backup", input.id);
  const progress = row.status === "running" ? deps.progress.of(row.job_id) : null;
  return backupDetails(row, progress, await copiesOf(deps.db, [row.id]), await lastVerification(deps.db, row.id), row.status === "pending" ? await waitsFor(deps, row.job_id) : null);
}
