import { artifactDigest, manifestKey, parseManifest, removeArtifact, type Manifest } from "@safebase/artifact";
import { SafebaseError, asSafebaseError, type CopyCommand, type CopyFinding, type CopyResult, type StorageRef } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { knownManifest, noneUsable } from "./copies.ts";
import { copyPart } from "./copy-part.ts";
import { lostBy } from "./finding.ts";
import { verified } from "./load.ts";
import { isLeftToOthers } from "./restore.ts";
import type { Outcome, Run } from "./run.ts";
import { watchCopy, type CopyWatch } from "./watch-copy.ts";

/**
 * Writes a backup to one more storage. Where it lies already, every byte of it, that is the outcome; what lies there
 * else goes, but not before a copy is known to be good. The manifest is written last, byte for byte.
 */
export async function copy(command: CopyCommand, unlimited: Run): Promise<Outcome<CopyResult>> {
  using watch = watchCopy(unlimited, command);
  const { run } = watch;
  const target = await run.storage(command.target);
  const there = await look(command, target, run);
  if (there === "good") return { result: { kind: "copy", passed_over: [] } };
  const errors: SafebaseError[] = [];
  const passed_over: CopyFinding[] = [];
  for (const ref of command.source.copies) {
    const failure = await copyFrom(ref, command, target, there, watch);
    if (failure === undefined) return { result: { kind: "copy", passed_over } };
    run.log.warn({ err: failure, storage: ref.name, backup_id: command.backup_id }, "a copy cannot be copied");
    errors.push(failure);
    passed_over.push(...lostBy(ref.name, failure));
  }
  throw noneUsable(command.source, errors);
}

/** A run that died: what it had written goes, unless it is all there. */
export async function cleanUpCopy(command: CopyCommand, run: Run): Promise<Outcome<CopyResult> | undefined> {
  const target = await run.storage(command.target);
  if (await target.stat(manifestKey(command.source.stem)) === undefined) {
    await removeArtifact(target, command.source.stem);
    return undefined;
  }
  const there = await knownManifest(command.source, target, run.signal).catch((error: unknown) => { if (lostBy(target.id, error).length === 0) throw error; });
  return there === undefined ? undefined : { result: { kind: "copy", passed_over: [] } };
}

/** What lies in the target: nothing that anybody would take for a backup, something else, or this very backup. */
async function look({ source, backup_id, replace }: CopyCommand, target: Storage, run: Run): Promise<"nothing" | "other" | "good"> {
  if (await target.stat(manifestKey(source.stem)) === undefined) return "nothing";
  try {
    await verified(source, target, run);
    return "good";
  } catch (error) {
    if (lostBy(target.id, error).length === 0) throw error;
    if (replace) return "other";
    throw new SafebaseError("exists", `${target.id} holds another artifact under the name of backup ${backup_id}: ${asSafebaseError(error).message}`, {
      hint: "see what it is and move it away, then try again", cause: error,
    });
  }
}

/** Copies from one storage. Answers what is wrong with it; a failure of the target, or of the job, is thrown, and leaves nothing. */
async function copyFrom(from: StorageRef, command: CopyCommand, target: Storage, there: "nothing" | "other", watch: CopyWatch): Promise<SafebaseError | undefined> {
  const { source } = command;
  const { run } = watch;
  const opened = await openSource(from, command, there, run).catch(asSafebaseError);
  run.signal.throwIfAborted();
  if (opened instanceof SafebaseError) return opened;
  await run.confirmLease();
  await removeArtifact(target, source.stem);
  try {
    const failure = await writeParts(opened, target, watch);
    if (failure === undefined) {
      await run.confirmLease();
      await target.put(manifestKey(source.stem), Readable.from([opened.bytes]), { signal: run.signal });
      return undefined;
    }
    await removeArtifact(target, source.stem);
    return failure;
  } catch (error) {
    if (!isLeftToOthers(asSafebaseError(error))) {
      await removeArtifact(target, source.stem).catch((err: unknown) => run.log.warn({ err }, "the half of a copy could not be removed: the next try or the sweep does"));
    }
    throw error;
  }
}

interface Source { readonly storage: Storage; readonly manifest: Manifest; /** The manifest as it is stored. */ readonly bytes: Buffer }

/** Where something has to make room for it, all of the source is read before: it may be the only good one. */
async function openSource(from: StorageRef, { source }: CopyCommand, there: "nothing" | "other", run: Run): Promise<Source> {
  const storage = await run.storage(from);
  const manifest = there === "other" ? await verified(source, storage, run) : await knownManifest(source, storage, run.signal);
  const key = manifestKey(source.stem);
  const bytes = await buffer(await storage.get(key, { signal: run.signal }));
  if (artifactDigest(parseManifest(bytes.toString("utf8"), key)).sha256 === source.sha256) return { storage, manifest, bytes };
  throw new SafebaseError("artifact_damaged", `${key} changed while it was read`);
}

async function writeParts({ storage, manifest }: Source, target: Storage, watch: CopyWatch): Promise<SafebaseError | undefined> {
  for (const part of manifest.parts) {
    const failure = await copyPart(part, storage, target, { signal: watch.run.signal, moved: watch.moved });
    if (failure !== undefined) return failure;
  }
  return undefined;
}
