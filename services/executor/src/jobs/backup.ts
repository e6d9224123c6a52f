import { artifactDigest, artifactKey, findComplete, knownParts, removeArtifact, writeParts, StageFailure, type Manifest, type ManifestDraft } from "@safebase/artifact";
import { asSafebaseError, type BackupCommand, type BackupResult, type CopyFinding } from "@safebase/contracts";
import { VERSION } from "@safebase/runtime";
import type { Storage } from "@safebase/storage";
import { RetryableDumpError, type PreparedDump } from "../engines/engine.ts";
import { engineFor } from "../engines/registry.ts";
import type { Outcome, Run } from "./run.ts";
import { openTargets, type Targets } from "./targets.ts";

const TRIES = 3;

/** Dumps a database into an artifact. A run that finds the artifact complete, left by another run of this job, reports that. */
export async function backup(command: BackupCommand, run: Run): Promise<Outcome<BackupResult>> {
  const complete = await findBackup(command, run);
  if (complete !== undefined) return { result: complete };
  const targets = await openTargets(command, run);
  for (let attempt = 1; ; attempt++) {
    try {
      const manifest = await dump(command, run, targets);
      return { result: resultOf(manifest, targets.missing()) };
    } catch (error) {
      if (!(error instanceof RetryableDumpError) || attempt === TRIES) throw targets.explain(error);
      run.log.warn({ err: error, attempt }, "the dump is taken again");
    }
  }
}

/**
 * What another run of this job has made, if it is complete in a storage. Where it is not, what is there goes: a copy of
 * it is made later. A storage that does not answer matters only when there is no other.
 */
export async function findBackup({ storages, stem }: BackupCommand, run: Run): Promise<BackupResult | undefined> {
  const looks: Look[] = await Promise.all(storages.map(async (ref): Promise<Look> => {
    try {
      const storage = await run.storage(ref);
      return { name: ref.name, storage, manifest: await findComplete(storage, stem, { signal: run.signal }) };
    } catch (error) {
      if (storages.length === 1) throw error;
      return { name: ref.name, error };
    }
  }));
  run.signal.throwIfAborted();
  const manifest = looks.find((look) => look.manifest !== undefined)?.manifest;
  if (manifest === undefined) return undefined;
  const { sha256 } = artifactDigest(manifest);
  const others = looks.filter((look) => look.manifest === undefined || artifactDigest(look.manifest).sha256 !== sha256);
  return resultOf(manifest, await Promise.all(others.map((look) => leftOut(look, stem, run))));
}

/** What is there of a backup in one storage, or why that cannot be seen. */
interface Look { readonly name: string; readonly storage?: Storage; readonly manifest?: Manifest | undefined; readonly error?: unknown }

async function leftOut({ name, storage, error }: Look, stem: string, run: Run): Promise<CopyFinding> {
  // What cannot be removed now goes before the copy is made.
  if (storage !== undefined) await removeArtifact(storage, stem).catch((err: unknown) => run.log.warn({ err, storage: name }, "the half of a backup could not be removed"));
  return { storage: name, state: "missing", detail: storage === undefined ? asSafebaseError(error).message : "the executor died before all of it was there" };
}

async function dump(command: BackupCommand, run: Run, { storage, stillFor_ms }: Targets): Promise<Manifest> {
  const connection = run.open(command.connection);
  const started_at = new Date().toISOString(), stall_ms = command.limits.stall_s * 1000;
  await using prepared = await engineFor(connection.type).prepareDump(connection, {
    format: command.format, globals: command.globals, jobs: command.jobs === "auto" ? { auto_from_bytes: run.parallel_threshold_bytes } : command.jobs,
  }, run.engine);
  try {
    return await writeParts({
      storage, stem: command.stem, format: command.format, compression: command.compression,
      recipients: command.recipients, parts: prepared.parts, signal: run.signal,
      limits: { time_ms: command.limits.time_s * 1000, stall_ms },
      isBusy: async () => stillFor_ms() < stall_ms || prepared.isBusy(),
      onProgress: (progress) => run.progress({ phase: "dump", total_bytes: prepared.estimated_raw_bytes(), ...progress }),
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
  const { db_name, type, host, port, username, ssl_mode } = command.connection;
  return {
    backup_id: command.backup_id, job_id: command.job_id, user_id: command.user_id,
    database: { id: command.database.id, name: db_name, label: command.database.name, type, host, port, username, ssl_mode },
    server: prepared.server, server_version: prepared.server_version, tool: { name, version, args: [...args] },
    contents: await prepared.contents(), ...(prepared.facts === undefined ? {} : { facts: { ...prepared.facts } }), warnings: [...prepared.warnings], trigger: command.trigger,
    created_at: command.created_at, started_at, safebase_version: VERSION,
  };
}

/** What the catalog needs of a manifest. */
function resultOf(manifest: Manifest, copies: CopyFinding[]): BackupResult {
  return {
    kind: "backup", key: artifactKey(manifest), ...artifactDigest(manifest), parts: knownParts(manifest),
    recipients: manifest.encryption?.recipients ?? [], copies,
    server: manifest.server, tool: `${manifest.tool.name} ${manifest.tool.version}`, contents: manifest.contents,
    warnings: manifest.warnings, started_at: manifest.started_at, finished_at: manifest.finished_at,
  };
}
