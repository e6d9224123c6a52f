import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MEMORY_DIR = "/dev/shm";
const PREFIX = "safebase-tests-";
const NEEDED_BYTES = 8 * 1024 ** 3; // several times what a run of all tests holds at once

/**
 * Makes a folder in memory the folder for temporary files, of this process and those that it starts, until its end: on
 * a disk PostgreSQL takes ten times as long to make a database. The usual folder stays when TMPDIR says so, or where
 * memory is scarce or runs no programs. What a killed run has left there goes, too.
 */
export function useFastTemp(): void {
  if (process.env["TMPDIR"] !== undefined || !existsSync(MEMORY_DIR)) return;
  for (const name of readdirSync(MEMORY_DIR)) if (name.startsWith(PREFIX) && !existsSync(`/proc/${name.slice(PREFIX.length)}`)) remove(name);
  const { bavail, bsize } = statfsSync(MEMORY_DIR);
  if (Math.min(bavail * bsize, process.availableMemory()) < NEEDED_BYTES) return;
  const name = `${PREFIX}${process.pid}`, path = join(MEMORY_DIR, name);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  process.once("exit", () => remove(name));
  if (runsPrograms(path)) process.env["TMPDIR"] = path;
}

function remove(name: string): void {
  try {
    rmSync(join(MEMORY_DIR, name), { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Another user's, or a server that is still ending writes there: the next run tries again.
  }
}

function runsPrograms(dir: string): boolean {
  const path = join(dir, "program");
  writeFileSync(path, "#!/bin/sh\n", { mode: 0o755 });
  return spawnSync(path).status === 0;
}
