import { availableParallelism } from "node:os";
import { artifactDigest, decompressStages, decryptStages, openPart, readManifest, StageFailure, Together, type Manifest } from "@safebase/artifact";
import { SafebaseError, asSafebaseError, type ArtifactRef, type CopyFinding, type RestoreCommand } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import type { LoadTask, PreparedRestore } from "../engines/engine.ts";
import { lostBy } from "./finding.ts";
import type { Run } from "./run.ts";

const PROGRESS_EVERY_MS = 500;
/** Of many parts so many are loaded at once. */
const LOADED_AT_ONCE = Math.max(2, availableParallelism());

/** The manifest of the very backup that the catalog knows; under another id, when a scan took it up. */
export async function knownManifest(source: ArtifactRef, storage: Storage, signal: AbortSignal): Promise<Manifest> {
  const manifest = await readManifest(storage, source.stem, { signal });
  const { sha256, size_bytes } = artifactDigest(manifest);
  if (sha256 === source.sha256 && size_bytes === source.size_bytes) return manifest;
  throw new SafebaseError("artifact_damaged", `backup ${source.backup_id} is not the one that was made: its manifest names other data than the catalog`);
}

/** Reads every stored byte and compares it with the manifest and with what the catalog knows, before anything changes. */
export async function verified(source: ArtifactRef, storage: Storage, run: Pick<Run, "signal" | "progress">): Promise<Manifest> {
  const manifest = await knownManifest(source, storage, run.signal);
  const { size_bytes: total_bytes } = artifactDigest(manifest);
  const started_ms = performance.now();
  let told_ms = started_ms;
  let bytes_in = 0;
  for await (const chunk of storedBytes(manifest, storage, run.signal)) {
    bytes_in += chunk.length;
    const now_ms = performance.now();
    if (now_ms - told_ms < PROGRESS_EVERY_MS) continue;
    told_ms = now_ms;
    const elapsed_ms = now_ms - started_ms;
    run.progress({ phase: "check", bytes_in, bytes_out: 0, total_bytes, elapsed_ms, rate_bytes_per_s: Math.round((bytes_in * 1000) / elapsed_ms) });
  }
  return manifest;
}

async function* storedBytes({ parts }: Manifest, storage: Storage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* await openPart(storage, part, { signal }) as AsyncIterable<Uint8Array>;
}

/** A copy of a backup that is as it was written. */
export interface GoodCopy { readonly storage: Storage; readonly manifest: Manifest; /** Those before it, where they are not. */ readonly passed_over: CopyFinding[] }

/** The first copy whose every stored byte is as it was written. When none is, throws what is wrong with each. */
export async function goodCopy(source: ArtifactRef, run: Run): Promise<GoodCopy> {
  const errors: SafebaseError[] = [];
  const passed_over: CopyFinding[] = [];
  for (const ref of source.copies) {
    try {
      const storage = await run.storage(ref);
      return { storage, manifest: await verified(source, storage, run), passed_over };
    } catch (cause) {
      run.signal.throwIfAborted();
      errors.push(asSafebaseError(cause));
      passed_over.push(...lostBy(ref.name, cause));
      if (source.copies.length > 1) run.log.warn({ err: cause, storage: ref.name, backup_id: source.backup_id }, "a copy cannot be used, the next one is tried");
    }
  }
  throw noneUsable(source, errors);
}

/** What is wrong with each copy; of a single one its own error. */
export function noneUsable(source: ArtifactRef, errors: readonly SafebaseError[]): SafebaseError {
  const [first] = errors as [SafebaseError, ...SafebaseError[]];
  if (errors.length === 1) return first;
  const each = errors.map(({ message }, at) => `in ${source.copies[at]?.name}: ${message}`);
  return new SafebaseError(first.code, `none of the ${errors.length} copies can be used: ${each.join("; ")}`, { hint: first.hint, cause: first });
}

/** What of a command loading takes. */
type Loading = Pick<RestoreCommand, "limits" | "identities_sealed">;

/** Loads an artifact into the place that `begin` makes, and commits. On failure the caller undoes. */
export async function load(prepared: PreparedRestore, manifest: Manifest, storage: Storage, run: Run, command: Loading): Promise<void> {
  await fill(prepared, manifest, storage, run, command);
  await run.confirmLease();
  const { size_bytes: total_bytes } = artifactDigest(manifest);
  run.progress({ phase: "swap", bytes_in: total_bytes, bytes_out: 0, total_bytes, rate_bytes_per_s: 0, elapsed_ms: 0 });
  await prepared.commit();
}

/** Loads an artifact into the place that `begin` makes. On failure the caller undoes. */
export async function fill(prepared: PreparedRestore, manifest: Manifest, storage: Storage, run: Run, command: Loading): Promise<void> {
  const unpack = [...decryptStages(manifest, run.identities(command)), ...decompressStages(manifest.compression)]; // refused before anything begins
  const { limits } = command;
  await run.confirmLease();
  await prepared.begin();
  const steps = prepared.steps();
  const { size_bytes: total_bytes } = artifactDigest(manifest);
  const together = new Together({
    signal: run.signal, limits: { time_ms: limits.time_s * 1000, stall_ms: limits.stall_s * 1000 },
    isBusy: () => prepared.isBusy(),
    onProgress: (progress) => run.progress({ phase: "load", total_bytes, ...progress }),
  });
  const opened = async ({ part }: LoadTask) => part === null ? undefined : await openPart(storage, part, { signal: together.signal });
  try {
    for (const step of steps) {
      await together.all(step.map((task) => async (pipeline) => {
        const input = await opened(task);
        return pipeline({ stages: input === undefined ? task.stages : [...unpack, ...task.stages], input });
      }), LOADED_AT_ONCE);
    }
  } catch (error) {
    const ours = steps.flat().flatMap(({ stages }) => stages).map(({ program }) => program);
    if (error instanceof StageFailure && ours.includes(error.failed.program)) throw prepared.explain(error);
    throw error;
  }
}
