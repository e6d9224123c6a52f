import { SafebaseError } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";

const FOLDER = "catalog/";
const NAME = /^catalog\/safebase_catalog_\d{8}_\d{6}\.(?:sqlite|dump)\.zst\.age$/;
/** So many copies of the catalog stay in each storage: two weeks of daily ones. */
const KEPT = 14;

/** Where a copy of the catalog that was made then lies. Sorts by time. */
export function catalogKey(at: Date, extension: string): string {
  const [day, time] = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").split("T");
  return `${FOLDER}safebase_catalog_${day}_${time}${extension}.age`;
}

/** Removes the oldest copies of the catalog from a storage. Other files that lie there stay. */
export async function pruneCatalogCopies(storage: Storage): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of storage.list(FOLDER)) if (NAME.test(key)) keys.push(key);
  for (const key of keys.sort().slice(0, -KEPT)) await storage.delete(key);
}

/** Throws unless a copy holds as many bytes as were written. */
export async function confirmCopy(storage: Storage, key: string, size_bytes: number): Promise<void> {
  const found = await storage.stat(key);
  if (found?.size_bytes !== size_bytes) throw new SafebaseError("storage_failed", `${key} was stored with ${found?.size_bytes ?? "no"} bytes instead of ${size_bytes}`);
}
