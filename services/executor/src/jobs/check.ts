import { artifactDigest, readThrough } from "@safebase/artifact";
import type { ArtifactRef, CheckCommand, CheckResult, CopyFinding } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { engineFor } from "../engines/registry.ts";
import { knownManifest } from "./copies.ts";
import { lostBy } from "./finding.ts";
import type { Outcome, Run } from "./run.ts";

/**
 * Reads all copies of a backup back. What is found is the result; the check fails only when it can be made of none.
 * A copy whose storage does not answer is not judged and not among the result's, which is then not ok.
 */
export async function check(command: CheckCommand, run: Run): Promise<Outcome<CheckResult>> {
  const copies: CopyFinding[] = [];
  const failures: unknown[] = [];
  const options = { limits: command.limits, identities: run.identities(command) };
  for (const ref of command.source.copies) {
    try {
      copies.push(await checkCopy(command.source, await run.storage(ref), run, options));
    } catch (error) {
      run.signal.throwIfAborted();
      failures.push(error);
      run.log.warn({ err: error, storage: ref.name, backup_id: command.source.backup_id }, "a copy could not be checked");
    }
  }
  if (copies.length === 0) throw failures[0];
  return { result: { kind: "check", ok: failures.length === 0 && copies.every(({ state }) => state === "good"), copies } };
}

/**
 * Compares manifest, catalog and every stored byte, decompresses all of it and reads the dump to its end. Throws when
 * nothing can be said of the copy: its storage does not answer, a program is missing, the job was canceled.
 */
export async function checkCopy(
  source: ArtifactRef, storage: Storage, run: Pick<Run, "signal" | "progress" | "engine">,
  { limits, identities }: Pick<CheckCommand, "limits"> & { readonly identities: readonly string[] },
): Promise<CopyFinding> {
  try {
    const manifest = await knownManifest(source, storage, run.signal);
    const { size_bytes: total_bytes } = artifactDigest(manifest);
    const { sealed } = await readThrough(storage, manifest, {
      ...await engineFor(source.type).prepareParse(manifest, run.engine), identities, signal: run.signal,
      limits: { time_ms: limits.time_s * 1000, stall_ms: limits.stall_s * 1000 },
      onProgress: (progress) => run.progress({ phase: "check", total_bytes, ...progress }),
    });
    return { storage: storage.id, state: "good", detail: sealed ? "it is encrypted, and its identity is kept away: its stored bytes are as they were written" : null };
  } catch (error) {
    const [found] = lostBy(storage.id, error);
    if (found === undefined) throw error;
    return found;
  }
}
