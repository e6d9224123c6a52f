import { spawn, type ChildProcess } from "node:child_process";
import { symlink } from "node:fs/promises";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { until } from "@safebase/testing";

const MAIN = resolve(import.meta.dirname, "../../cli/src/main.ts");

export interface Ended { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until it has said that, to stdout or stderr. */
  said(what: RegExp | string): Promise<void>;
}

/** A user at a shell: a home, a folder to work in, and `safebase` on the PATH. */
export class Shell {
  readonly dir: string;
  readonly env: Record<string, string | undefined>;

  private constructor(dir: string, env: Record<string, string | undefined>) {
    this.dir = dir;
    this.env = env;
  }

  static async open(dir: string, settings: Record<string, string>): Promise<Shell> {
    mkdirSync(join(dir, "bin"));
    await symlink(MAIN, join(dir, "bin/safebase"));
    const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SAFEBASE_|XDG_|LC_|LANG|INIT_CWD)/.test(name)));
    const path = `${join(dir, "bin")}:${dirname(process.execPath)}:${process.env["PATH"]}`;
    return new Shell(dir, { ...outer, HOME: dir, LC_ALL: "C.UTF-8", PATH: path, ...settings });
  }

  /** The same user with other settings; an empty one is as good as none. */
  with(settings: Record<string, string>): Shell {
    return new Shell(this.dir, { ...this.env, ...settings });
  }

  /** Runs `safebase` without a terminal, to its end. */
  safebase(...args: string[]): Promise<Ended> {
    return this.start("safebase", args).ended;
  }

  /** What `safebase … --json` prints of a success. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.safebase(...args, "--json");
    if (code !== 0) throw new Error(`exit status ${code}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  start(command: string, args: readonly string[], input?: string): Running {
    const child = spawn(command, args, { cwd: this.dir, env: this.env, stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "", stderr = "";
    child.stdout.on("data", (data: Buffer) => { stdout += data.toString(); });
    child.stderr.on("data", (data: Buffer) => { stderr += data.toString(); });
    child.stdin.on("error", () => { /* it ended without reading all */ });
    if (input !== undefined) child.stdin.end(input);
    const ended = new Promise<Ended>((done) => child.once("close", (code) => done({ code, stdout, stderr })));
    const said = (what: RegExp | string): Promise<void> => until(`${what} to be said`, () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${stdout}${stderr}`);
      return (stdout + stderr).search(what) >= 0;
    }).then(() => { /* it was */ });
    return { child, ended, said };
  }

  /** Runs `safebase` at a terminal; what is written to its stdin is typed there. `exec`: a plain sh that waited for it would die of the Ctrl-C meant for it. */
  type(...args: string[]): Running {
    return this.start("script", ["--quiet", "--return", "--flush", "--command", `exec safebase ${args.join(" ")}`, "/dev/null"]);
  }
}
