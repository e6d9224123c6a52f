import { access, constants, glob } from "node:fs/promises";
import { join } from "node:path";

/**
 * The pg_restore to turn an archive into a script, or the pg_dump to read a server: of the same major version, else the
 * next newer one. A newer one than needed sets what the server does not know (17's transaction_timeout), an older one
 * cannot read it. Looked for in the given folders and Debian's, told apart by the number in the path; else whatever the
 * PATH holds.
 */
export async function findPgProgram(program: "pg_restore" | "pg_dump", client_dirs: readonly string[], version: string): Promise<string> {
  const wanted = Number.parseInt(version, 10);
  const folders = [...client_dirs, ...await Array.fromAsync(glob("/usr/lib/postgresql/*/bin"))];
  const programs = folders.map((folder) => join(folder, program)).sort((a, b) => rank(a, wanted) - rank(b, wanted));
  for (const path of programs) if (await isExecutable(path)) return path;
  return program;
}

const UNKNOWN = 1_000, TOO_OLD = 2_000;

/** How well it fits, the best first: as old as can be, then those without a number, then the newest of the too old ones. */
function rank(path: string, wanted: number): number {
  const major = Number(/(?:postgresql|pgsql)[-/]?(\d+)/.exec(path)?.[1] ?? 0);
  if (major === 0) return UNKNOWN;
  return major >= wanted ? major : TOO_OLD - major;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there or not for us: the next one
  }
}
