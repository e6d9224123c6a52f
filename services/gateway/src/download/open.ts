import { once } from "node:events";
import { PassThrough, pipeline as pipe, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { artifactDigest, convert, isComplete, namedPart, openPart, readManifest, runConversion, type Conversion, type DownloadForm, type Manifest } from "@safebase/artifact";
import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { recordAudit } from "../audit/record.ts";
import { findBackup, type BackupRow } from "../catalog/backups.ts";
import { refsOfCopies } from "../catalog/copies.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { identitiesFor, lockedBackup } from "../keys/identities.ts";
import type { Conversions, Place } from "./conversions.ts";
import { HoldBack } from "./hold-back.ts";
import { findPgProgram } from "./pg-program.ts";

/** What downloads need beside the verbs' own. */
export interface DownloadDeps extends Pick<Deps, "db" | "log" | "config" | "secrets" | "storages"> { readonly conversions: Conversions }

/** A backup's file, ready to be sent in one form. */
export interface Download {
  readonly filename: string;
  readonly content_type: string;
  /** Of stored bytes, whose size and hash are known; null for what is converted on the way. */
  readonly stored: { readonly size_bytes: number; readonly sha256: string } | null;
  /** The bytes, or a range of stored ones. Fails at its end when something was wrong: a short file is never whole. */
  open(range: { start: number; end: number } | undefined, signal: AbortSignal): Promise<Readable>;
}

export interface DownloadInput {
  readonly id: number;
  readonly form: DownloadForm;
  /** The name of one, where there are several. */
  readonly part?: string | undefined;
  /** age's, to convert what is encrypted; else the one that is kept here. */
  readonly identity?: string | undefined;
}

/** Prepares a completed backup's file in the form that was asked for. */
export async function openDownload(deps: DownloadDeps, actor: Actor, input: DownloadInput): Promise<Download> {
  const backup = await findBackup(deps.db, input.id, actor.scope);
  if (backup === undefined) throw missing("backup", input.id);
  if (backup.status !== "completed") throw new SafebaseError("conflict", `backup ${backup.id} is ${backup.status}; only a completed one can be downloaded`);
  const { storage, manifest } = await findCopy(deps, backup);
  const identities = input.form === "stored" ? [] : await identitiesFor(deps.db, deps.secrets, [lockedBackup(backup)], input.identity);
  const conversion = convert(manifest, input.form, {
    pg_restore_path: await findPgProgram("pg_restore", deps.config.client_dirs, manifest.tool.version), identities,
    part: input.part === undefined ? undefined : namedPart(manifest, input.part),
  });
  const { filename, content_type, stored: part } = conversion;
  if (part !== null) {
    return {
      filename, content_type, stored: { size_bytes: part.size_bytes, sha256: part.sha256 },
      open: async (range, signal) => range === undefined ? checked(deps, backup, await openPart(storage, part, { signal }), signal)
        : storage.get(part.key, { offset: range.start, length: range.end - range.start + 1, signal }),
    };
  }
  return {
    filename, content_type, stored: null,
    open: async (_, signal) => converted(deps, backup, { conversion, storage, place: deps.conversions.enter(), signal }),
  };
}

/** A copy that is there, as far as its manifest and the size of its data tell: a good one before others. */
async function findCopy(deps: DownloadDeps, backup: BackupRow): Promise<{ storage: Storage; manifest: Manifest }> {
  const refs = await refsOfCopies(deps.db, backup.id);
  const errors: SafebaseError[] = [];
  for (const ref of refs) {
    try {
      const storage = await deps.storages.open(ref);
      const manifest = await readManifest(storage, backup.stem);
      if (artifactDigest(manifest).sha256 !== backup.sha256) throw new SafebaseError("artifact_damaged", `the manifest of backup ${backup.id} is not the one that was written with it`);
      if (refs.length === 1 || await isComplete(storage, manifest)) return { storage, manifest };
    } catch (error) {
      deps.log.warn({ err: error, backup_id: backup.id, storage: ref.name }, "a copy cannot be downloaded");
      errors.push(asSafebaseError(error));
    }
  }
  throw errors[0] ?? new SafebaseError("artifact_missing", `no storage holds backup ${backup.id} any more`);
}

/** Stored bytes whose last ones go out only when all of them were those that were written. */
function checked(deps: DownloadDeps, backup: BackupRow, bytes: Readable, signal: AbortSignal): Readable {
  const held = new HoldBack();
  pipe(bytes, held, (error) => { if (error) endedEarly(deps, backup, error, signal); }); // it destroys `held` too, for its reader
  return held;
}

function endedEarly(deps: DownloadDeps, backup: BackupRow, err: unknown, signal: AbortSignal): void {
  if (!signal.aborted) deps.log.warn({ err, backup_id: backup.id }, "a download ended early");
}

/** Notes that somebody takes a backup's file away. Before its first byte goes out: none leaves without a trace. */
export async function auditDownload(deps: DownloadDeps, actor: Actor, id: number, detail: { form: DownloadForm; part?: string | undefined; range?: string | undefined }): Promise<void> {
  await recordAudit(deps.db, { actor, action: "backup.download", object: { type: "backup", id }, detail });
}

interface Work { readonly conversion: Conversion; readonly storage: Storage; readonly place: Place; readonly signal: AbortSignal }

/**
 * The output of the native processes. Whoever destroys it ends them, and with them its place is left; a failure
 * destroys it. One that shows before the first byte is thrown, so that it can still be answered.
 */
async function converted(deps: DownloadDeps, backup: BackupRow, { conversion, storage, place, signal }: Work): Promise<Readable> {
  const output = new PassThrough();
  const run = runConversion(conversion, storage, { signal, sink: (made) => pipeline(made, output) }).finally(() => place.leave());
  run.catch((error: unknown) => {
    endedEarly(deps, backup, error, signal);
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  await Promise.race([once(output, "readable"), run]);
  return output;
}
