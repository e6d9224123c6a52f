import { access, constants, glob } from "node:fs/promises";
import { join } from "node:path";

/**
 * The newest installed pg_restore, which reads the archives of all older ones: from the given folders and Debian's,
 * told apart by the number in the path; else whatever the PATH holds.
 */
export async function findPgRestore(client_dirs: readonly string[]): Promise<string> {
  const folders = [...client_dirs, ...await Array.fromAsync(glob("/usr/lib/postgresql/*/bin"))];
  const programs = folders.map((folder) => join(folder, "pg_restore")).sort((a, b) => majorIn(b) - majorIn(a));
  for (const program of programs) if (await isExecutable(program)) return program;
  return "pg_restore";
}

function majorIn(path: string): number {
  return Number(/(?:postgresql|pgsql)[-/]?(\d+)/.exec(path)?.[1] ?? 0);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there or not for us: the next one
  }
}
