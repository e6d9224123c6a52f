import type { BackupCommand, DeleteCommand, DeleteResult } from "@safebase/contracts";
import { removeArtifact } from "@safebase/artifact";
import type { Outcome, Run } from "./run.ts";

/** Removes an artifact from all of its storages, manifest first. May be repeated: what is gone already is success. */
export async function deleteArtifact(command: DeleteCommand, run: Run): Promise<Outcome<DeleteResult>> {
  await removeCopies(command, run);
  return { result: { kind: "delete" } };
}

/** Removes an artifact wherever it can be reached; then throws when it could not be everywhere. */
export async function removeCopies({ storages, stem }: Pick<BackupCommand | DeleteCommand, "storages" | "stem">, run: Run): Promise<void> {
  const errors: unknown[] = [];
  for (const ref of storages) {
    try {
      await removeArtifact(await run.storage(ref), stem);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
