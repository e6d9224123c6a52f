import { artifactDigest, readManifest, type Manifest } from "@safebase/artifact";
import { SafebaseError, asSafebaseError, type ArtifactRef, type CopyFinding } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { lostBy } from "./finding.ts";
import type { Run } from "./run.ts";

/** The manifest of the very backup that the catalog knows; under another id, when a scan took it up. */
export async function knownManifest(source: ArtifactRef, storage: Storage, signal: AbortSignal): Promise<Manifest> {
  const manifest = await readManifest(storage, source.stem, { signal });
  const { sha256, size_bytes } = artifactDigest(manifest);
  if (sha256 === source.sha256 && size_bytes === source.size_bytes) return manifest;
  throw new SafebaseError("artifact_damaged", `backup ${source.backup_id} is not the one that was made: its manifest names other data than the catalog`);
}

/** One of a backup's copies. Its manifest is the very backup's; of its data nothing has been read. */
export interface Copy {
  readonly storage: Storage;
  readonly manifest: Manifest;
  /** It lies in this executor's own folder: who can write there needs no backup to have his way. */
  readonly own: boolean;
  /** Those before it, where they are not as they were written. */
  readonly passed_over: readonly CopyFinding[];
}

/** A copy that cannot be used, and no effect of the work on it is left: another one may do. */
export class CopyFault extends SafebaseError {
  constructor(cause: unknown) {
    const { code, message, hint } = asSafebaseError(cause);
    super(code, message, { hint, cause });
  }
}

/** What the promise rejects with is the copy's fault. */
export async function blamingCopy<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new CopyFault(error);
  }
}

/**
 * Does the work with one copy after the other, until it does not throw a CopyFault. When that is none, or the run was
 * aborted, answers the error to report: what is wrong with each copy.
 */
export async function firstGood<T>(source: ArtifactRef, run: Run, work: (copy: Copy) => Promise<T>): Promise<T | SafebaseError> {
  const errors: SafebaseError[] = [];
  const passed_over: CopyFinding[] = [];
  for (const ref of source.copies) {
    try {
      const storage = await blamingCopy(run.storage(ref));
      const manifest = await blamingCopy(knownManifest(source, storage, run.signal));
      return await work({ storage, manifest, own: ref.config_sealed === null, passed_over: [...passed_over] });
    } catch (error) {
      if (!(error instanceof CopyFault)) throw error;
      if (run.signal.aborted) return asSafebaseError(run.signal.reason);
      errors.push(error);
      passed_over.push(...lostBy(ref.name, error));
      if (source.copies.length > 1) run.log.warn({ err: error, storage: ref.name, backup_id: source.backup_id }, "a copy cannot be used, the next one is tried");
    }
  }
  return noneUsable(source, errors);
}

/** What is wrong with each copy; of a single one its own error. */
export function noneUsable(source: ArtifactRef, errors: readonly SafebaseError[]): SafebaseError {
  const [first] = errors as [SafebaseError, ...SafebaseError[]];
  if (errors.length === 1) return first;
  const each = errors.map(({ message }, at) => `in ${source.copies[at]?.name}: ${message}`);
  return new SafebaseError(first.code, `none of the ${errors.length} copies can be used: ${each.join("; ")}`, { hint: first.hint, cause: first });
}
