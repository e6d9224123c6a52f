import { spawn } from "node:child_process";

const OUTPUT_LIMIT_CHARS = 4_096;

/**
 * What a program prints for `--version`, undefined when it does not answer in time, fails or cannot be started.
 * The whole process group is ended at the limit, so that a wrapper script's children do not stay behind.
 */
export async function askVersion(path: string, timeout_ms = 5_000): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(path, ["--version"], {
      stdio: ["ignore", "pipe", "ignore"], detached: true, env: { LC_ALL: "C", PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    let output = "";
    const settle = (answer: string | undefined): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => {
      killGroup(child.pid);
      settle(undefined);
    }, timeout_ms);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.length < OUTPUT_LIMIT_CHARS) output += text;
    });
    child.on("error", () => settle(undefined)); // not executable, or of another architecture: no client
    child.on("close", (code) => settle(code === 0 ? output : undefined));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // ESRCH: it has just ended by itself
  }
}
