import { lstat, opendir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isKey, TEMP_PREFIX } from "./keys.ts";
import { isMissing, storageError } from "./local-file.ts";
import type { ObjectEntry } from "./storage.ts";
import { walk } from "./tree.ts";
import type { TreeEntry } from "./tree.ts";

/** Every object below the root whose key starts with the prefix, in the byte order of the keys. */
export async function* listObjects(root: string, prefix: string): AsyncGenerator<ObjectEntry> {
  for await (const { name: key } of walk(readerOf(root), "", prefix)) {
    if (!key.startsWith(prefix) || !isKey(key)) continue;
    const found = await statIfThere(join(root, key));
    if (found) yield { key, size_bytes: found.size, modified_at: found.mtime };
  }
}

/** Removes the temporaries that nothing was written to for that long; answers their names. */
export async function removeTemps(root: string, older_than_ms: number): Promise<string[]> {
  const removed: string[] = [];
  for await (const { name } of walk(readerOf(root), "", "")) {
    if (!name.slice(name.lastIndexOf("/") + 1).startsWith(TEMP_PREFIX)) continue;
    const found = await statIfThere(join(root, name));
    if (!found || Date.now() - found.mtimeMs < older_than_ms) continue;
    try {
      await unlink(join(root, name));
      removed.push(name);
    } catch (error) {
      if (!isMissing(error)) throw storageError(`cannot remove the temporary ${name}`, error);
    }
  }
  return removed;
}

/** Reads folders below the root. Symbolic links are no files. */
function readerOf(root: string): (folder: string) => Promise<TreeEntry<undefined>[]> {
  return async (folder) => {
    const path = join(root, folder);
    const entries: TreeEntry<undefined>[] = [];
    try {
      for await (const entry of await opendir(path)) {
        if (entry.isDirectory() || entry.isFile()) entries.push({ name: entry.name, folder: entry.isDirectory(), value: undefined });
      }
    } catch (error) {
      if (isMissing(error)) return [];
      throw storageError(`cannot list ${path}`, error);
    }
    return entries;
  };
}

async function statIfThere(path: string): Promise<{ size: number; mtime: Date; mtimeMs: number } | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(`cannot look at ${path}`, error);
  }
}
