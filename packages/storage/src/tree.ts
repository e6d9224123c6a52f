/** One name in a folder; how a listing of the folder tells it. */
export type TreeEntry<T> = { name: string; folder: boolean; value: T };

/**
 * The names of all files below a folder with what is known of each, in the byte order of whole paths, skipping folders
 * that the prefix rules out. A folder sorts as its name with the slash.
 */
export async function* walk<T>(
  readFolder: (folder: string) => Promise<TreeEntry<T>[]>, folder: string, prefix: string,
): AsyncGenerator<{ name: string; value: T }> {
  const entries = (await readFolder(folder)).map((entry) => ({ ...entry, order: Buffer.from(entry.folder ? `${entry.name}/` : entry.name) }));
  for (const entry of entries.sort((a, b) => Buffer.compare(a.order, b.order))) {
    const name = folder + entry.name;
    if (!entry.folder) yield { name, value: entry.value };
    else if (`${name}/`.startsWith(prefix) || prefix.startsWith(`${name}/`)) yield* walk(readFolder, `${name}/`, prefix);
  }
}
