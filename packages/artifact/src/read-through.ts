import { SafebaseError } from "@safebase/contracts";
import type { Cancelable, Storage } from "@safebase/storage";
import { basename } from "node:path";
import { recipientOf } from "./age-keys.ts";
import { decompressStages } from "./codecs.ts";
import { decryptStages } from "./encryption.ts";
import type { Manifest, ManifestPart } from "./manifest.ts";
import { openPart } from "./read.ts";
import { StageFailure, type RawReport, type Stage } from "./stage.ts";
import { tapStage, verifyTrailer } from "./tap.ts";
import { Together } from "./together.ts";
import type { RunLane } from "./together.ts";
import type { WatchOptions } from "./watch.ts";

export type PartReader = {
  /** What reads the raw dump and fails at what is none; it may be nothing. */
  readonly stages: readonly Stage[];
  /** As in PartSource. */
  readonly trailer: string | null;
};

export type ReadThroughOptions = WatchOptions & Cancelable & {
  readerOf: (part: ManifestPart) => PartReader;
  /** What opens an encrypted one, if it is known. */
  identities: readonly string[];
};

/**
 * Reads an artifact to its end in one pass: the stored bytes are those that were written, they decompress, with the
 * checksums that are in there, and every part of the dump is whole. `artifact_damaged` or `artifact_missing` says what was
 * found; any other error says nothing of the artifact. What is encrypted, and none of the identities opens, is `sealed`:
 * read as far as its stored bytes.
 */
export async function readThrough(storage: Storage, manifest: Manifest, options: ReadThroughOptions): Promise<{ sealed: boolean }> {
  const sealed = isSealed(manifest, options.identities);
  const together = new Together(options);
  await together.all(manifest.parts.map((part) => (run) => readPart({ storage, manifest, part, sealed }, options, run)), 1);
  return { sealed };
}

type Reading = { readonly storage: Storage; readonly manifest: Manifest; readonly part: ManifestPart; readonly sealed: boolean };

async function readPart({ storage, manifest, part, sealed }: Reading, options: ReadThroughOptions, run: RunLane): Promise<void> {
  const input = await openPart(storage, part, options);
  const reader = options.readerOf(part);
  const stages = sealed ? [] : [...decryptStages(manifest, options.identities), ...decompressStages(manifest.compression), ...reader.stages];
  const tap = sealed || reader.trailer !== null || stages.length === 0 ? [tapStage()] : [];
  try {
    const { raw } = await run({ stages: [...stages, ...tap], input });
    if (!sealed) checkRaw(part, reader.trailer, raw);
  } catch (error) {
    throw error instanceof StageFailure ? await verdict(error, storage, part, options) : error;
  }
}

function isSealed({ encryption }: Manifest, identities: readonly string[]): boolean {
  return encryption !== undefined && !identities.some((identity) => encryption.recipients.includes(recipientOf(identity)));
}

function checkRaw({ key, raw_size_bytes }: ManifestPart, trailer: string | null, raw: RawReport | undefined): void {
  if (raw !== undefined && raw_size_bytes !== null && raw.size_bytes !== raw_size_bytes) {
    throw new SafebaseError("artifact_damaged", `${key} holds a dump of ${raw.size_bytes} bytes, and its manifest says ${raw_size_bytes}`);
  }
  try {
    if (trailer !== null) verifyTrailer(trailer, raw?.tail);
  } catch (cause) {
    throw new SafebaseError("artifact_damaged", `${key} holds a dump without its closing line, so a part of it is missing`, { cause });
  }
}

/** A program that failed: because of what it read, unless it was ended from outside. The bytes, read once more, say why. */
async function verdict(failure: StageFailure, storage: Storage, part: ManifestPart, { signal }: Cancelable): Promise<SafebaseError> {
  const { program, exit_code, signal: ended_by } = failure.failed;
  const fromOutside = ended_by === null ? (exit_code ?? 0) > LAST_OWN_EXIT_CODE : !CRASHES.has(ended_by);
  if (failure.code !== "artifact_damaged" || fromOutside) {
    return new SafebaseError("internal", `the check could not be finished: ${failure.message}`, { cause: failure });
  }
  const altered = await readAll(storage, part, signal);
  return altered ?? new SafebaseError("artifact_damaged", `${part.key} holds the bytes that were written, but ${basename(program)} cannot read them`, { cause: failure });
}

/** What a program does to itself: pg_restore stumbles over some damages. */
const CRASHES: ReadonlySet<string> = new Set(["SIGSEGV", "SIGBUS", "SIGABRT", "SIGFPE", "SIGILL"]);
/** Above are a shell's words for a program that did not start, or was killed. */
const LAST_OWN_EXIT_CODE = 125;

async function readAll(storage: Storage, part: ManifestPart, signal: AbortSignal | undefined): Promise<SafebaseError | undefined> {
  try {
    for await (const _ of await openPart(storage, part, { signal })) { /* the end tells */ }
    return undefined;
  } catch (error) {
    if (error instanceof SafebaseError && (error.code === "artifact_damaged" || error.code === "artifact_missing")) return error;
    throw error;
  }
}
