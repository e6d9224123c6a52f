import { anyBackup } from "../catalog/backups.ts";
import { findCheck } from "../catalog/checks.ts";
import type { Job } from "../catalog/schema.ts";
import { findVerification } from "../catalog/verifications.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { checkObjectives } from "./check.ts";

/** Judges a database anew when a backup, a verification or a check of it has come through, so that "met again" is told soon. */
export async function checkObjectivesAfter(core: Core, dispatcher: Pick<Dispatcher, "kick">, job: Job): Promise<void> {
  const database_id = await databaseOf(core.db, job);
  if (database_id !== undefined) await checkObjectives(core, dispatcher, { database_id });
}

async function databaseOf(db: Core["db"], { kind, backup_id, verification_id, check_id }: Job): Promise<number | undefined> {
  if (kind === "backup" && backup_id !== null) return (await anyBackup(db, backup_id)).database_id;
  if (kind === "verify" && verification_id !== null) return (await findVerification(db, verification_id, "all"))?.database_id;
  if (kind === "check" && check_id !== null) return (await findCheck(db, check_id, "all"))?.database_id;
  return undefined;
}
