import type { Storage } from "@safebase/storage";
import { MANIFEST_SUFFIX, manifestKey, parseStem } from "./key.ts";
import { ENGINE_TYPES } from "@safebase/contracts";

export type SweepOptions = {
  /** Whether a job is at work on this backup, here or elsewhere. */
  isHeld: (backup_id: number) => Promise<boolean>;
  /** What is younger stays. */
  grace_ms: number;
};

/** Removes what interrupted jobs left: temporaries, and data that no manifest made a backup. Answers what it removed. */
export async function sweep(storage: Storage, { isHeld, grace_ms }: SweepOptions): Promise<string[]> {
  const removed = await storage.sweepTemps(grace_ms);
  for (const { key, stem, backup_id } of await orphans(storage, grace_ms)) {
    // Asked again at the last moment: a job may have taken it up, or finished it, since we listed.
    if (await isHeld(backup_id) || await storage.stat(manifestKey(stem))) continue;
    await storage.delete(key);
    removed.push(key);
  }
  return removed;
}

type Orphan = { key: string; stem: string; backup_id: number };

async function orphans(storage: Storage, grace_ms: number): Promise<Orphan[]> {
  const found: Orphan[] = [];
  for (const type of ENGINE_TYPES) {
    for await (const { key, modified_at } of storage.list(`${type}/`)) {
      const orphan = asOrphan(key);
      if (!orphan || Date.now() - modified_at.getTime() < grace_ms) continue;
      if (!await storage.stat(manifestKey(orphan.stem))) found.push(orphan);
    }
  }
  return found;
}

/** A data file of an artifact, of one part or of several; files that are none of ours stay untouched. */
function asOrphan(key: string): Orphan | undefined {
  if (key.endsWith(MANIFEST_SUFFIX)) return undefined;
  const ending = /(?:\.(?:all|pre-data|data-\d{1,2}|post-data|globals))?\.(?:(?:sql|dump)(?:\.zst|\.gz)?|zip)(?:\.age)?$/.exec(key);
  const stem = ending ? key.slice(0, ending.index) : key;
  const parts = ending ? parseStem(stem) : undefined;
  return parts && { key, stem, backup_id: parts.backup_id };
}
