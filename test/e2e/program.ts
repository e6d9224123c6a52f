import { spawn, type ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { until } from "@safebase/testing";

const PROJECT_DIR = resolve(import.meta.dirname, "../..");

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** What it has written so far, to stdout and stderr together. */
  output(): string;
  runs(): boolean;
  /** Its exit status, null after a signal; waits for it. */
  ended(): Promise<number | null>;
  /** Signals it alone, or like Ctrl-C does, every process of its group. */
  signal(signal: NodeJS.Signals, whom?: "process" | "group"): void;
  /** The address in the line that says it is ready; waits for it. */
  url(): Promise<string>;
}

/**
 * Starts one of our programs with these settings and no others; killed at disposal if it still runs. `wrapper` is a
 * command that becomes it, such as `unshare --mount`.
 */
export function startProgram(main: string, settings: Record<string, string>, args: readonly string[] = [], wrapper: readonly string[] = []): Program {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SAFEBASE_")));
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, join(PROJECT_DIR, main), ...args];
  const child: ChildProcess = spawn(command, rest, {
    cwd: PROJECT_DIR, env: { ...env, ...settings }, stdio: ["ignore", "pipe", "pipe"], detached: true,
  });
  const pid = child.pid!;
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (data: Buffer) => { output += data.toString(); });
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid, runs, output: () => output, ended: () => ended,
    signal: (signal, whom = "process") => { process.kill(whom === "group" ? -pid : pid, signal); },
    url: () => until(`${main} to be ready`, () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return /SafeBase is ready at (\S+)/.exec(output)?.[1];
    }, { timeout_ms: 30_000 }),
    [Symbol.asyncDispose]: async () => {
      if (runs()) child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface ProcessInfo { readonly pid: number; readonly parent: number; readonly group: number; readonly name: string; readonly started: string }

/** A process and all that descend from it, now. */
export async function processTree(root: number): Promise<ProcessInfo[]> {
  const all = await allProcesses();
  const tree = all.filter((each) => each.pid === root);
  for (const each of tree) tree.push(...all.filter(({ parent }) => parent === each.pid));
  return tree;
}

/** Which of these still run: told from later ones of the same number by the time of their start. */
export async function stillRunning(before: readonly ProcessInfo[]): Promise<ProcessInfo[]> {
  const now = await allProcesses();
  return before.filter((each) => now.some(({ pid, started }) => pid === each.pid && started === each.started));
}

async function allProcesses(): Promise<ProcessInfo[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))); // ended meanwhile
  return stats.flatMap((stat) => {
    const [, pid, name, rest] = /^(\d+) \((.*)\) (.*)/s.exec(stat) ?? [];
    const fields = rest?.split(" ") ?? [];
    const [state, parent, group, started] = [fields[0], fields[1], fields[2], fields[19]];
    return pid === undefined || name === undefined || state === "Z" || started === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), name, started }];
  });
}
