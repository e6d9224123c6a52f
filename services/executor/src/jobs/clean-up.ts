import { SafebaseError, type BackupCommand, type BackupResult, type CheckResult, type Command, type CopyResult, type DeleteResult, type RestoreResult, type VerifyResult } from "@safebase/contracts";
import { findBackup } from "./backup.ts";
import { cleanUpCopy } from "./copy.ts";
import { deleteArtifact, removeCopies } from "./delete.ts";
import { abandon } from "./restore.ts";
import type { Outcome, Run } from "./run.ts";
import { dropScratch } from "./verify.ts";

/**
 * A job whose executor died, and that was canceled or given up: undoes what that one began, then throws `canceled`, or
 * what could not be undone. Where the work was already done in full, that is the outcome, for it can be seen by others.
 */
export async function cleanUp(command: Command, run: Run): Promise<Outcome<BackupResult | RestoreResult | VerifyResult | CheckResult | CopyResult | DeleteResult>> {
  switch (command.kind) {
    case "backup": return cleanUpBackup(command, run.calm());
    case "restore": return abandon(canceled(), command, run);
    case "verify": await dropScratch(command, run); throw canceled();
    case "check": throw canceled(); // it changes nothing
    case "copy": return await cleanUpCopy(command, run.calm()) ?? refuse();
    case "delete": return deleteArtifact(command, run.calm());
  }
}

async function cleanUpBackup(command: BackupCommand, run: Run): Promise<Outcome<BackupResult>> {
  const complete = await findBackup(command, run);
  if (complete !== undefined) return { result: complete };
  await removeCopies(command, run);
  throw canceled();
}

function refuse(): never {
  throw canceled();
}

function canceled(): SafebaseError {
  return new SafebaseError("canceled", "canceled by request");
}
