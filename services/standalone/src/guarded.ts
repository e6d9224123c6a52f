import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { SafebaseError } from "@safebase/contracts";

/**
 * Starts a program that ends with us, however we end: the kernel kills it. In a session of its own, so that Ctrl-C
 * reaches us alone and the program ends when its turn comes. `setpriv` and `flock` are part of util-linux.
 */
export function spawnGuarded(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...args], { ...options, detached: true });
}

/** How a child ended, or that it could not be started: never rejects. */
export function endOf(child: ChildProcess): Promise<{ code: number | null; error?: Error }> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, error }));
    child.once("close", (code) => resolve({ code }));
  });
}

/** Throws a sentence that names the package of a program that is not installed. */
export async function requireProgram(program: string, versionFlag: string, debianPackage: string): Promise<void> {
  // In a session of its own: Ctrl-C while it runs does not make it one that does not start.
  const { error, code } = await endOf(spawn(program, [versionFlag], { stdio: "ignore", detached: true }));
  if (error === undefined && code === 0) return;
  throw new SafebaseError("client_missing", `${program} is not installed or does not start`, {
    hint: `install the package ${debianPackage}: apt-get install ${debianPackage}`, cause: error,
  });
}
