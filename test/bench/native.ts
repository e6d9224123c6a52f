import { spawn } from "node:child_process";

/**
 * Runs a fixed line of bash as a user would type it, with values as "$1", "$2" …; answers how long it took. Throws
 * with what it wrote to stderr when any program of it fails; an abort ends all of them.
 */
export async function runLine(line: string, args: readonly string[], env: Record<string, string>, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const from_ms = performance.now();
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", "bash", "-c", `set -euo pipefail; ${line}`, "bench", ...args], {
    stdio: ["ignore", "ignore", "pipe"], detached: true, env: { ...process.env, ...env },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr = (stderr + text).slice(-2000); });
  const end = (): void => { if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL"); };
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
