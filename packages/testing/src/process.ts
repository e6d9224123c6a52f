import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { openSync, closeSync, readFileSync } from "node:fs";
import { until } from "./until.ts";

export interface ServerCommand {
  program: string;
  args: string[];
  log_path: string;
  /** Runs as this user; only root can ask for that. */
  user?: UnixUser | undefined;
  env?: Record<string, string>;
}

export interface UnixUser { uid: number; gid: number }

/** A server's process. The kernel kills it when ours ends, however ours ends. */
export class ServerProcess {
  readonly #command: ServerCommand;
  #child: ChildProcess | undefined;

  constructor(command: ServerCommand) {
    this.#command = command;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it and waits until `ready` answers; throws with the end of its log when it ends before. */
  async start(ready: () => Promise<unknown>): Promise<void> {
    const { program, args, log_path, user, env } = this.#command;
    const [command, ...rest] = guarded([program, ...args], user);
    const log = openSync(log_path, "a");
    this.#child = spawn(command!, rest, { stdio: ["ignore", log, log], env: { ...process.env, ...env } });
    closeSync(log);
    let spawnError: Error | undefined;
    this.#child.once("error", (error) => { spawnError = error; });
    await until(`${program} to answer`, async () => {
      if (!this.#running()) return "ended";
      await ready();
      return "ready";
    }, { timeout_ms: 60_000 }).then(async (outcome) => {
      if (outcome === "ended") throw new Error(`${program} ended at its start:\n${logTail(log_path)}`, { cause: spawnError });
    }, async (cause: unknown) => {
      await this.signal("SIGKILL");
      throw new Error(`${program} does not answer:\n${logTail(log_path)}`, { cause });
    });
  }

  /** Sends the signal and waits for the end, by force after half a minute. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.#running()) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const force = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(force);
  }

  #running(): boolean {
    return this.#child?.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }
}

/** Runs a program to its end; throws with its output when it fails. */
export function run(command: string[], user?: UnixUser, env: Record<string, string> = {}): string {
  const [program, ...args] = guarded(command, user);
  const result = spawnSync(program!, args, { encoding: "utf8", env: { ...process.env, ...env } });
  if (result.status !== 0) {
    throw new Error(`${command[0]} failed: ${result.stderr || result.stdout}`.trim(), { cause: result.error });
  }
  return result.stdout;
}

function guarded(command: string[], user: UnixUser | undefined): string[] {
  const identity = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"] : [];
  return ["setpriv", ...identity, "--pdeathsig=KILL", "--", ...command];
}

function logTail(path: string): string {
  return readFileSync(path, "utf8").split("\n").slice(-15).join("\n");
}
