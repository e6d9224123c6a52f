import { damagedBackups, failedChecks, failedRestores, failedVerifications, lostCopies, undelivered, type FailureRow } from "../catalog/failures.ts";
import type { Scope } from "../catalog/scope.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import type { Deps } from "../jobs/deps.ts";
import { attentionOf, ofDatabase, type Attention } from "./attention.ts";

const LISTED = 20;
const LATELY_MS = 7 * 86_400_000;

/** Work that failed lately and was not done since; backups and copies that are not what was written; alerts that nobody got. */
export async function attentionOfWork({ db, now }: Pick<Deps, "db" | "now">, scope: Scope, storages: readonly StorageRow[]): Promise<Attention[]> {
  const since = new Date(now().getTime() - LATELY_MS).toISOString();
  const restores = await failedRestores(db, scope, since, LISTED);
  const verifications = await failedVerifications(db, scope, since, LISTED);
  const checks = await failedChecks(db, scope, since, LISTED);
  const idOf = (name: string): number => storages.find((each) => each.name === name)?.id ?? 0;
  return [
    ...(await damagedBackups(db, scope, LISTED)).map((row) => attentionOf("backups_damaged", "critical", row.at, row.database_id, { ...ofDatabase(row), backup_id: row.backup_id, count: row.count })),
    ...verifications.map((row) => attentionOf("verification_failed", "critical", row.at, row.id, failureOf(row))),
    ...restores.map((row) => attentionOf("restore_failed", "warning", row.at, row.id, { ...failureOf(row), restore_id: row.id })),
    ...checks.map((row) => attentionOf("check_failed", "warning", row.at, row.id, failureOf(row))),
    ...(await lostCopies(db, scope)).map((row) => attentionOf("copies_lost", "warning", row.at, row.storage, { storage: { id: idOf(row.storage), name: row.storage }, backup_id: row.backup_id, count: row.count })),
    ...(await undelivered(db, scope, since)).map((row) => attentionOf("alerts_undelivered", "warning", row.at, row.channel_id, {
      channel: { id: row.channel_id, name: row.channel_name }, count: row.count, error_msg: row.error,
    })),
  ];
}

function failureOf(row: FailureRow): Partial<Attention> {
  return { ...ofDatabase(row), backup_id: row.backup_id, error_code: row.error_code, error_msg: row.error_msg };
}
