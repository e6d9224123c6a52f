import { lstat, opendir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isKey, TEMP_PREFIX } from "./keys.ts";
import { isMissing, storageError } from "./local-file.ts";
import type { ObjectEntry } from "./storage.ts";

type Entry = { name: string; folder: boolean; order: Buffer };

/** Every object below the root whose key starts with the prefix, in the byte order of the keys. */
export async function* listObjects(root: string, prefix: string): AsyncGenerator<ObjectEntry> {
  for await (const key of walk(root, "", prefix)) {
    if (!key.startsWith(prefix) || !isKey(key)) continue;
    const found = await statIfThere(join(root, key));
    if (found) yield { key, size_bytes: found.size, modified_at: found.mtime };
  }
}

/** Removes the temporaries that nothing was written to for that long; answers their names. */
export async function removeTemps(root: string, older_than_ms: number): Promise<string[]> {
  const removed: string[] = [];
  for await (const name of walk(root, "", "")) {
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

/** The names of all files below a folder, skipping folders that the prefix rules out. Symbolic links are no files. */
async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<string> {
  for (const entry of await readFolder(join(root, folder))) {
    const name = folder + entry.name;
    if (!entry.folder) yield name;
    else if (`${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`)) yield* walk(root, `${name}/`, prefix);
  }
}

/** A folder sorts as its name with the slash, so that walking gives the order of whole keys. */
async function readFolder(path: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of await opendir(path)) {
      const folder = entry.isDirectory();
      if (!folder && !entry.isFile()) continue;
      entries.push({ name: entry.name, folder, order: Buffer.from(folder ? `${entry.name}/` : entry.name) });
    }
  } catch (error) {
    if (isMissing(error)) return [];
    throw storageError(`cannot list ${path}`, error);
  }
  return entries.sort((a, b) => Buffer.compare(a.order, b.order));
}

async function statIfThere(path: string): Promise<{ size: number; mtime: Date; mtimeMs: number } | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(`cannot look at ${path}`, error);
  }
}
