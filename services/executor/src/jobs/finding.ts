import { asSafebaseError, type CopyFinding } from "@safebase/contracts";

/** What an error says of the copy that was read: nothing when it is none of the copy's, but of its storage's or ours. */
export function lostBy(storage: string, error: unknown): [CopyFinding] | [] {
  const { code, message } = asSafebaseError(error);
  if (code !== "artifact_damaged" && code !== "artifact_missing") return [];
  return [{ storage, state: code === "artifact_missing" ? "missing" : "damaged", detail: message }];
}
