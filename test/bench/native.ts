import { spawn } from "node:child_process";

/**
 * Perl's words for a process group of its own. A session of its own, which Node's `detached` makes, would have its own
 * share of the processor, too (autogroup), and SafeBase's programs have none: all that is compared stays in one session.
 */
const OWN_GROUP = "setpgrp(0, 0); exec { $ARGV[0] } @ARGV; die \"cannot start $ARGV[0]: $!\\n\"";

/**
 * Runs a fixed line of bash as a user would type it, with values as "$1", "$2" …; answers how long it took. Throws
 * with what it wrote to stderr when any program of it fails; an abort ends all of them.
 */
export async function runLine(line: string, args: readonly string[], env: Record<string, string>, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const from_ms = performance.now();
  const command = ["-e", OWN_GROUP, "--", "setpriv", "--pdeathsig", "KILL", "--", "bash", "-c", `set -euo pipefail; ${line}`, "bench", ...args];
  const child = spawn("perl", command, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr = (stderr + text).slice(-2000); });
  const end = (): void => { if (child.pid !== undefined && child.exitCode === null) endGroup(child.pid); };
  signal.addEventListener("abort", end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`exit code ${code} of: ${line}\n${stderr}`);
    return performance.now() - from_ms;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    process.kill(pid, "SIGKILL"); // in its first moments it is alone, and not yet a group
  }
}
