import { SafebaseError } from "@safebase/contracts";
import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import { access, constants, readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Stage, StageReport } from "./stage.ts";
import { BoundedTail } from "./stderr.ts";

const FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
/** English messages, no home folder with client settings in it, and none of our own variables. */
const BASE_ENV = { PATH: FOLDERS.join(":"), LC_ALL: "C" };

/** Node joins processes by socket pairs, which tell a writer that its reader is gone in either way. */
const NOBODY_READS = /broken pipe|connection reset|EPIPE|ECONNRESET|errno:? (32|104)\b/i;

/**
 * Perl's words for "a process group of its own, then this program". Node's `detached` makes a session of its own, too,
 * and Linux shares the processor out among sessions (autogroup): a dump took an eighth longer that way on two cores.
 */
const OWN_GROUP = "setpgrp(0, 0); exec { $ARGV[0] } @ARGV; die \"cannot start $ARGV[0]: $!\\n\"";

/** How to start a stage: the program's path, and those of the programs that start it, where they exist. */
export type Launch = { stage: Stage; path: string; perl: string | undefined; setpriv: string | undefined; stdbuf: string | undefined };

/** Finds the programs of all stages; `client_missing` names the one that is not there and its package. */
export async function prepareLaunches(stages: readonly Stage[]): Promise<Launch[]> {
  const [perl, setpriv, stdbuf] = await Promise.all([findProgram("perl"), findProgram("setpriv"), findProgram("stdbuf")]);
  return Promise.all(stages.map(async (stage) => {
    const path = await findProgram(stage.program);
    if (path !== undefined) return { stage, path, perl, setpriv, stdbuf };
    throw new SafebaseError("client_missing", `the program ${stage.program} is not installed`, {
      hint: stage.package === undefined ? undefined : `install it, on Debian: apt-get install ${stage.package}`,
    });
  }));
}

async function findProgram(program: string): Promise<string | undefined> {
  for (const path of isAbsolute(program) ? [program] : FOLDERS.map((folder) => join(folder, program))) {
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}

/**
 * A running stage: leader of a process group of its own, so that a signal reaches all that it starts, and ended by
 * the kernel when our process dies, even by SIGKILL.
 */
export class StageProcess {
  readonly stage: Stage;
  readonly child: ChildProcess;
  /** Settles, never rejecting, when the process has ended and its stdout and stderr are closed. */
  readonly ended: Promise<void>;
  /** We ended it: how it ended says nothing of its own. */
  stopped = false;
  #closed = false;
  #stderr: BoundedTail;
  #exit: { code: number | null; signal: string | null } | undefined;
  #spawn_error: Error | undefined;

  constructor({ stage, path, perl, setpriv, stdbuf }: Launch, stdin: "ignore" | "pipe", stdout: "pipe" | "ignore" | Writable, secret_fd: number | undefined) {
    const [program = path, ...args] = [
      ...(perl === undefined ? [] : [perl, "-e", OWN_GROUP, "--"]),
      ...(setpriv === undefined ? [] : [setpriv, "--pdeathsig", "KILL", "--"]),
      ...(stdbuf === undefined || stage.buffer_output !== true ? [] : [stdbuf, "-o64K"]),
      path, ...stage.args,
    ];
    const stdio: StdioOptions = [stdin, stdout, "pipe", ...(secret_fd === undefined ? [] : [secret_fd])];
    this.stage = stage;
    this.child = spawn(program, args, { stdio, env: { ...BASE_ENV, ...stage.env }, detached: perl === undefined });
    this.#stderr = new BoundedTail(this.child.stderr as Readable);
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => {
        this.#spawn_error = error;
        if (this.child.pid === undefined) this.#close(resolve);
      });
      this.child.on("exit", (code, signal) => { this.#exit = { code, signal }; });
      this.child.on("close", () => this.#close(resolve));
    });
  }

  #close(resolve: () => void): void {
    this.#closed = true;
    resolve();
  }

  get failed(): boolean {
    return this.#spawn_error !== undefined || (this.#exit !== undefined && this.#exit.code !== 0);
  }

  /** It failed, as far as one can see, because nobody read on: then whoever stopped reading is to blame. */
  get failedWriting(): boolean {
    return this.failed && (this.#exit?.signal === "SIGPIPE" || NOBODY_READS.test(this.#stderr.text()));
  }

  report(): StageReport {
    const stderr = this.#spawn_error ? `${this.#spawn_error.message}\n` : this.#stderr.text();
    return { program: this.stage.program, exit_code: this.#exit?.code ?? null, signal: this.#exit?.signal ?? null, stderr };
  }

  /** Sends a signal to the whole group, unless it is gone: its number may be somebody else's by then. */
  signal(name: "SIGTERM" | "SIGKILL"): void {
    if (this.child.pid === undefined || this.#closed) return;
    if (this.#exit === undefined) this.stopped = true;
    try {
      process.kill(-this.child.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      this.child.kill(name); // in its first moments it is alone, and not yet a group
    }
  }

  /** Bytes that went through its file descriptors so far; undefined when it has ended. */
  async io(): Promise<{ read: number; written: number } | undefined> {
    try {
      const text = await readFile(`/proc/${this.child.pid}/io`, "latin1");
      return { read: Number(/^rchar: (\d+)/m.exec(text)?.[1]), written: Number(/^wchar: (\d+)/m.exec(text)?.[1]) };
    } catch {
      return undefined; // The process is gone, or the kernel does not tell: counting is for the eye only.
    }
  }
}
