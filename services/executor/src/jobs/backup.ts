import { artifactDigest, artifactKey, findComplete, writeParts, StageFailure, type Manifest, type ManifestDraft } from "@safebase/artifact";
import { type BackupCommand, type BackupResult, type StorageRef } from "@safebase/contracts";
import { VERSION } from "@safebase/runtime";
import type { Storage } from "@safebase/storage";
import { RetryableDumpError, type PreparedDump } from "../engines/engine.ts";
import { engineFor } from "../engines/registry.ts";
import { removeCopies } from "./delete.ts";
import type { Outcome, Run } from "./run.ts";

const TRIES = 3;

/** Dumps a database into an artifact. A run that finds the artifact complete, left by another run of this job, reports that. */
export async function backup(command: BackupCommand, run: Run): Promise<Outcome<BackupResult>> {
  const complete = await findBackup(command, run);
  if (complete !== undefined) return { result: complete };
  await removeCopies(command, run); // the half of a run that died; the lease says that nobody else writes it
  const storage = await run.storage(command.storages[0] as StorageRef);
  for (let attempt = 1; ; attempt++) {
    try {
      return { result: resultOf(await dump(command, run, storage)) };
    } catch (error) {
      if (!(error instanceof RetryableDumpError) || attempt === TRIES) throw error;
      run.log.warn({ err: error, attempt }, "the dump is taken again");
    }
  }
}

/** What another run of this job has made, if it is complete. */
export async function findBackup({ storages, stem }: BackupCommand, run: Run): Promise<BackupResult | undefined> {
  for (const ref of storages) {
    const complete = await findComplete(await run.storage(ref), stem, { signal: run.signal });
    if (complete !== undefined) return resultOf(complete);
  }
  return undefined;
}

async function dump(command: BackupCommand, run: Run, storage: Storage): Promise<Manifest> {
  const connection = run.open(command.connection);
  const started_at = new Date().toISOString();
  await using prepared = await engineFor(connection.type).prepareDump(connection, {
    format: command.format, globals: command.globals, jobs: command.jobs === "auto" ? { auto_from_bytes: run.parallel_threshold_bytes } : command.jobs,
  }, run.engine);
  try {
    return await writeParts({
      storage, stem: command.stem, format: command.format, compression: command.compression,
      recipients: command.recipients, parts: prepared.parts, signal: run.signal,
      limits: { time_ms: command.limits.time_s * 1000, stall_ms: command.limits.stall_s * 1000 },
      isBusy: () => prepared.isBusy(),
      onProgress: (progress) => run.progress({ phase: "dump", total_bytes: prepared.estimated_raw_bytes, ...progress }),
      draft: () => draft(command, prepared, started_at),
      beforeManifest: () => run.confirmLease(),
    });
  } catch (error) {
    if (error instanceof StageFailure && isOf(prepared.parts, error)) throw prepared.explain(error);
    throw error;
  }
}

/** Was it the dump's own program that failed? */
function isOf(parts: PreparedDump["parts"], { failed }: StageFailure): boolean {
  return parts.some(({ stages }) => stages.some(({ program }) => program === failed.program));
}

async function draft(command: BackupCommand, prepared: PreparedDump, started_at: string): Promise<ManifestDraft> {
  const { name, version, args } = prepared.tool;
  return {
    backup_id: command.backup_id, job_id: command.job_id, user_id: command.user_id,
    database: { id: command.database.id, name: command.connection.db_name, label: command.database.name, type: command.connection.type },
    server: prepared.server, server_version: prepared.server_version, tool: { name, version, args: [...args] },
    contents: await prepared.contents(), ...(prepared.facts === undefined ? {} : { facts: { ...prepared.facts } }), warnings: [...prepared.warnings], trigger: command.trigger,
    created_at: command.created_at, started_at, safebase_version: VERSION,
  };
}

/** What the catalog needs of a manifest. */
function resultOf(manifest: Manifest): BackupResult {
  return {
    kind: "backup", key: artifactKey(manifest), ...artifactDigest(manifest),
    recipients: manifest.encryption?.recipients ?? [], copies: [],
    server: manifest.server, tool: `${manifest.tool.name} ${manifest.tool.version}`, contents: manifest.contents,
    warnings: manifest.warnings, started_at: manifest.started_at, finished_at: manifest.finished_at,
  };
}
