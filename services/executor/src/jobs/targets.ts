import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { removeArtifact } from "@safebase/artifact";
import { SafebaseError, asSafebaseError, type BackupCommand, type CopyFinding } from "@safebase/contracts";
import { fanOut, type FanOut, type Storage } from "@safebase/storage";
import type { Run } from "./run.ts";

/** All that waits on disk for storages that are behind takes no more of what is free there: others need it, too. */
const SPOOL_SHARE = 0.25;
/** The parts that are written at once, at most, when the executor decides how many. */
const AUTO_PARTS = 4;

/** Where a backup is written to: one storage, or several at once as if they were one. */
export interface Targets {
  readonly storage: Storage;
  /** For how long no storage has read on: what waits on disk for them is read when the dump has long ended. */
  readonly stillFor_ms: () => number;
  /** Those that were left out, or given up on the way. */
  missing(): CopyFinding[];
  /** The error to report: when no storage is left, with what each of them said. */
  explain(error: unknown): unknown;
}

/**
 * Opens the storages of a backup and removes from them what a run that died left there; the lease says that nobody else
 * writes it. Who cannot be opened, or not be cleared, is left out; when that is all of them, the backup has failed.
 */
export async function openTargets({ storages, stem, jobs }: BackupCommand, run: Run): Promise<Targets> {
  const tried = await Promise.all(storages.map(async (ref) => {
    try {
      const storage = await run.storage(ref);
      await removeArtifact(storage, stem);
      return { name: ref.name, storage };
    } catch (cause) {
      run.log.warn({ err: cause, storage: ref.name }, "a storage is left out of the backup");
      return { name: ref.name, error: asSafebaseError(cause) };
    }
  }));
  run.signal.throwIfAborted();
  const left_out = new Map(tried.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error] as const])));
  const [only, ...more] = tried.flatMap(({ storage }) => storage ?? []);
  if (only === undefined) throw noneOf(left_out);
  const fan = more.length === 0 ? undefined : await together([only, ...more], jobs === "auto" ? AUTO_PARTS : jobs, run);
  const lost = (): Map<string, SafebaseError> => new Map([...left_out, ...fan?.dropped ?? []]);
  return {
    storage: fan ?? only,
    stillFor_ms: () => fan?.still_ms ?? Infinity,
    missing: () => [...lost()].map(([storage, { message }]) => ({ storage, state: "missing", detail: message })),
    explain: (error) => {
      const { code } = asSafebaseError(error);
      return left_out.size === 0 || !code.startsWith("storage_") ? error : noneOf(new Map([...left_out, [(fan ?? only).id, asSafebaseError(error)]]));
    },
  };
}

async function together(storages: readonly Storage[], parts: number, run: Run): Promise<FanOut> {
  const { bavail, bsize } = await statfs(run.engine.work_dir);
  const spool_bytes = Math.min(run.spool_bytes, Math.floor((bavail * bsize * SPOOL_SHARE) / (storages.length * parts)));
  return fanOut(storages, {
    spool_dir: join(run.engine.work_dir, "spool"), spool_bytes,
    onDrop: ({ id }, err) => run.log.warn({ err, storage: id }, "a storage was given up in the middle of the backup"),
  });
}

/** By the first of them; of a single one its own error. */
function noneOf(errors: ReadonlyMap<string, SafebaseError>): SafebaseError {
  const [first] = errors.values() as Iterable<SafebaseError>;
  if (first === undefined) return new SafebaseError("internal", "a backup without a storage");
  if (errors.size === 1) return first;
  const each = [...errors].map(([storage, { message }]) => `in ${storage}: ${message}`).join("; ");
  return new SafebaseError(first.code, `no storage took it: ${each}`, { hint: first.hint, cause: new AggregateError(errors.values()) });
}
