import { glob } from "node:fs/promises";

/** Where distributions and vendors put clients; a `*` stands for one path segment. */
const USUAL_FOLDERS = [
  "/usr/lib/postgresql/*/bin", // Debian
  "/usr/pgsql-*/bin", // PostgreSQL's own RPMs
  "/usr/libexec/postgresql*", // Alpine
  "/usr/local/bin", "/usr/bin", "/bin",
  "/usr/local/*/bin", "/usr/local/opt/*/bin", // tarballs, MySQL's own packages, Homebrew
  "/opt/homebrew/bin", "/opt/homebrew/opt/*/bin", "/opt/*/bin",
];

/** The folders to look through, in order of preference and each once: the given ones, then the usual ones. */
export async function clientFolders(client_dirs: readonly string[]): Promise<string[]> {
  const folders = new Set(client_dirs);
  for (const pattern of USUAL_FOLDERS) {
    if (!pattern.includes("*")) folders.add(pattern);
    else for (const folder of (await Array.fromAsync(glob(pattern))).sort()) folders.add(folder);
  }
  return [...folders];
}
