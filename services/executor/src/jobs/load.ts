import { availableParallelism } from "node:os";
import { artifactDigest, decompressStages, decryptStages, openPart, requireParts, StageFailure, Together, type Manifest, type ManifestPart } from "@safebase/artifact";
import { asSafebaseError, type ArtifactRef, type RestoreCommand } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import type { LoadTask, PreparedRestore } from "../engines/engine.ts";
import { blamingCopy, CopyFault, knownManifest, type Copy } from "./copies.ts";
import { lostBy } from "./finding.ts";
import type { Run } from "./run.ts";

const PROGRESS_EVERY_MS = 500;
/** Of many parts so many are loaded at once. */
const LOADED_AT_ONCE = Math.max(2, availableParallelism());

/** Reads every stored byte and compares it with the manifest and with what the catalog knows. */
export async function verified(source: ArtifactRef, storage: Storage, run: Pick<Run, "signal" | "progress">): Promise<Manifest> {
  const manifest = await knownManifest(source, storage, run.signal);
  await readStored(manifest.parts, storage, run);
  return manifest;
}

/** Reads these parts to their ends, which fail when they are not as they were written. */
async function readStored(parts: readonly ManifestPart[], storage: Storage, run: Pick<Run, "signal" | "progress">): Promise<void> {
  const total_bytes = parts.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  const started_ms = performance.now();
  let told_ms = started_ms;
  let bytes_in = 0;
  for await (const chunk of storedBytes(parts, storage, run.signal)) {
    bytes_in += chunk.length;
    const now_ms = performance.now();
    if (now_ms - told_ms < PROGRESS_EVERY_MS) continue;
    told_ms = now_ms;
    const elapsed_ms = now_ms - started_ms;
    run.progress({ phase: "check", bytes_in, bytes_out: 0, total_bytes, elapsed_ms, rate_bytes_per_s: Math.round((bytes_in * 1000) / elapsed_ms) });
  }
}

async function* storedBytes(parts: readonly ManifestPart[], storage: Storage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield* await openPart(storage, part, { signal }) as AsyncIterable<Uint8Array>;
}

/** What of a command loading takes. */
type Loading = Pick<RestoreCommand, "limits" | "identities_sealed">;

/** Loads a copy into the place that `begin` makes, and commits. On failure the caller undoes. */
export async function load(prepared: PreparedRestore, copy: Copy, run: Run, command: Loading): Promise<void> {
  await fill(prepared, copy, run, command);
  await run.confirmLease();
  const { size_bytes: total_bytes } = artifactDigest(copy.manifest);
  run.progress({ phase: "swap", bytes_in: total_bytes, bytes_out: 0, total_bytes, rate_bytes_per_s: 0, elapsed_ms: 0 });
  await prepared.commit();
}

/**
 * Loads a copy into the place that `begin` makes. On failure the caller undoes; a CopyFault says that another copy may do.
 * When it returns, every stored byte was read and is as it was written. Where our own copy goes into a place apart, they
 * are hashed on their way into it. Else they are read before: the target itself is lost from `begin` on, and a storage
 * elsewhere may have been given other statements, which would run before their end is known.
 */
export async function fill(prepared: PreparedRestore, copy: Copy, run: Run, command: Loading): Promise<void> {
  const { manifest, storage } = copy;
  const unpack = [...decryptStages(manifest, run.identities(command)), ...decompressStages(manifest.compression)]; // refused before anything begins
  const once = isReadOnce(prepared, copy);
  await blamingCopy(once ? requireParts(storage, manifest, { signal: run.signal }) : readStored(manifest.parts, storage, run));
  await run.confirmLease();
  await prepared.begin();
  const steps = prepared.steps();
  if (once) await blamingCopy(readStored(notLoaded(manifest, steps), storage, run));
  const { limits } = command;
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
    throw await reasonFor(error, prepared, copy, run);
  }
}

/** Whether the bytes are hashed on their way into the load, and not before it. */
function isReadOnce(prepared: PreparedRestore, copy: Copy): boolean {
  return prepared.apart && copy.own;
}

/** The server's roles: no restore applies them, but they are of what was backed up. */
function notLoaded({ parts }: Manifest, steps: readonly (readonly LoadTask[])[]): ManifestPart[] {
  const loaded = new Set(steps.flat().map(({ part }) => part?.key));
  return parts.filter(({ key }) => !loaded.has(key));
}

/**
 * What a load failed for. Where bytes are loaded before their end is known, they may be why a program failed: all are
 * read once more, and what is wrong with them is the reason. What comes from the copy itself is its fault anyway.
 */
async function reasonFor(error: unknown, prepared: PreparedRestore, copy: Copy, run: Run): Promise<unknown> {
  if (!(error instanceof StageFailure)) return prepared.apart && !run.signal.aborted && comesFromCopy(error) ? new CopyFault(error) : error;
  if (prepared.apart) {
    const found: unknown = await readStored(copy.manifest.parts, copy.storage, run).catch((cause: unknown) => cause);
    if (found !== undefined && lostBy(copy.storage.id, found).length > 0) return new CopyFault(found);
  }
  const ours = prepared.steps().flat().flatMap(({ stages }) => stages).map(({ program }) => program);
  return ours.includes(error.failed.program) ? prepared.explain(error) : error;
}

function comesFromCopy(error: unknown): boolean {
  const { code } = asSafebaseError(error);
  return code.startsWith("artifact_") || code.startsWith("storage_");
}
