import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Name of the folder in which one executor process keeps what its jobs write besides artifacts: password files, logs. */
export function workFolderName(id: string): string {
  return `${process.pid}.${hostname()}.${id}`;
}

/** Removes work folders of executors of this host that live no more: a killed one leaves password files behind. */
export async function removeStaleWork(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const pid = Number(name.split(".", 1)[0]);
    const ofThisHost = name.startsWith(`${pid}.${hostname()}.`);
    if (ofThisHost && !isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false; // the same number again: after a restart in a container
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
