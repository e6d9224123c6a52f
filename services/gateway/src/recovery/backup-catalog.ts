import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { encryptStages, runPipeline } from "@safebase/artifact";
import { asSafebaseError, noticeOf, SafebaseError, type StorageRef } from "@safebase/contracts";
import { z } from "zod";
import { findSetting, putSetting } from "../catalog/settings.ts";
import { storagesForAll } from "../catalog/storages-for-all.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { tell } from "../notifications/tell.ts";
import { prepareCatalogDump } from "./catalog-dump.ts";
import { catalogKey, confirmCopy, pruneCatalogCopies } from "./copies.ts";
import { recoveryKey } from "./key.ts";

const LAST = "catalog_backup";
const LAST_STORED_AT = "catalog_backup_stored_at";
/** A clock that was ahead by more was wrong. */
const CLASH_MS = 60_000;
const LIMITS = { time_ms: 3_600_000, stall_ms: 300_000 };

/** How the catalog was last backed up, and where to. */
const CatalogBackup = z.object({
  at: z.string(), key: z.string().nullable(), size_bytes: z.number().nullable(), sha256: z.string().nullable(),
  /** It was encrypted to this. */
  recipient: z.string(),
  storages: z.array(z.object({ storage: z.string(), ok: z.boolean(), error: z.string().nullable() })),
});
export type CatalogBackup = z.infer<typeof CatalogBackup>;

/** The last one; undefined before the first. */
export async function lastCatalogBackup(db: Core["db"]): Promise<CatalogBackup | undefined> {
  const kept = await findSetting(db, LAST);
  return kept === undefined ? undefined : CatalogBackup.parse(JSON.parse(kept));
}

/** When the catalog was last backed up to one storage at least; undefined before the first time. */
export function lastStoredAt(db: Core["db"]): Promise<string | undefined> {
  return findSetting(db, LAST_STORED_AT);
}

/**
 * Backs the catalog itself up, encrypted, to every storage that is nobody's own. What could not be done is noted and
 * told; a storage that fails keeps no other from its copy.
 */
export async function backUpCatalog(core: Core, dispatcher: Pick<Dispatcher, "kick">): Promise<CatalogBackup> {
  const at = await ownSecond(core);
  const { recipient } = await recoveryKey(core);
  const done = await attempt(core, at, recipient);
  await record(core, done);
  dispatcher.kick();
  return done;
}

/** Names of copies are exact to a second: one that follows another within it takes the next. */
async function ownSecond(core: Core): Promise<Date> {
  const [at, last] = [core.now(), await lastCatalogBackup(core.db)];
  const ahead_ms = last === undefined ? Number.NEGATIVE_INFINITY : Date.parse(last.at) - (at.getTime() - at.getMilliseconds());
  return ahead_ms >= 0 && ahead_ms < CLASH_MS ? new Date(Date.parse(last?.at ?? "") + 1_000) : at;
}

async function attempt(core: Core, at: Date, recipient: string): Promise<CatalogBackup> {
  const root = join(core.config.data_dir, "recovery");
  await mkdir(root, { recursive: true, mode: 0o700 });
  const dir = await mkdtemp(join(root, "catalog-"));
  try {
    return await write(core, at, dir, recipient);
  } catch (error) {
    core.log.error({ err: error }, "the catalog could not be backed up");
    return { at: at.toISOString(), key: null, size_bytes: null, sha256: null, recipient, storages: [{ storage: "", ok: false, error: asSafebaseError(error).message }] };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function write(core: Core, at: Date, dir: string, recipient: string): Promise<CatalogBackup> {
  const { stages, extension } = await prepareCatalogDump(core, dir);
  const path = join(dir, "encrypted");
  await runPipeline({
    stages: [...stages, ...encryptStages([recipient])], limits: LIMITS,
    sink: (output) => pipeline(output, createWriteStream(path, { mode: 0o600 })),
  });
  const [key, { size: size_bytes }, digest] = [catalogKey(at, extension), await stat(path), createHash("sha256")];
  await pipeline(createReadStream(path), digest);
  const storages = [];
  for (const ref of await storagesForAll(core.db)) storages.push(await store(core, ref, { key, path, size_bytes }));
  return { at: at.toISOString(), key, size_bytes, sha256: digest.digest("hex"), recipient, storages };
}

async function store(core: Core, ref: StorageRef, file: { key: string; path: string; size_bytes: number }): Promise<CatalogBackup["storages"][number]> {
  try {
    const storage = await core.storages.open(ref);
    await storage.put(file.key, createReadStream(file.path));
    await confirmCopy(storage, file.key, file.size_bytes);
    await pruneCatalogCopies(storage);
    return { storage: ref.name, ok: true, error: null };
  } catch (error) {
    core.log.error({ err: error, storage: ref.name }, "the catalog's backup could not be stored");
    return { storage: ref.name, ok: false, error: asSafebaseError(error).message };
  }
}

async function record(core: Core, done: CatalogBackup): Promise<void> {
  const failed = done.storages.filter(({ ok }) => !ok);
  await core.db.transaction().execute(async (tx) => {
    await putSetting(tx, LAST, JSON.stringify(done), done.at);
    if (isStored(done)) await putSetting(tx, LAST_STORED_AT, done.at, done.at);
    if (failed.length === 0) return;
    const message = failed.map(({ storage, error }) => (storage === "" ? error : `${storage}: ${error}`)).join("; ");
    await tell(tx, noticeOf("catalog_backup_failed", randomUUID(), done.at, { error: { code: "storage_failed", message } }));
  });
}

function isStored({ storages }: CatalogBackup): boolean {
  return storages.some(({ ok }) => ok);
}

/** For a verb that was asked for one: throws when no storage has it. */
export function requireStored(done: CatalogBackup): CatalogBackup {
  if (isStored(done)) return done;
  throw new SafebaseError("storage_failed", `the catalog could not be backed up: ${done.storages.map(({ error }) => error).join("; ")}`);
}
