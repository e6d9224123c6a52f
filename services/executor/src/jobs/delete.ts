import type { DeleteCommand, DeleteResult } from "@safebase/contracts";
import { removeArtifact } from "@safebase/artifact";
import type { Outcome, Run } from "./run.ts";

/** Removes an artifact, manifest first. May be repeated: what is gone already is success. */
export async function deleteArtifact(command: DeleteCommand, run: Run): Promise<Outcome<DeleteResult>> {
  await removeArtifact(await run.storage(command.storage), command.stem);
  return { result: { kind: "delete" } };
}
