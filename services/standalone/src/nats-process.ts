import { chmod, mkdir, writeFile } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pause, type Log } from "@safebase/runtime";
import { endOf, spawnGuarded } from "./guarded.ts";

export const NATS_HOST = "127.0.0.1";
const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 10_000;
const LEVELS = { ERR: "error", FTL: "error", WRN: "warn" } as const;

export interface NatsSettings {
  readonly dir: string;
  readonly port: number;
  readonly token: string;
}

/** Writes what nats-server reads; the token is in no argument and no environment. */
export async function writeNatsConfig({ dir, port, token }: NatsSettings): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, "server.conf");
  await writeFile(path, [
    `listen: "${NATS_HOST}:${port}"`,
    `server_name: "safebase"`,
    `authorization { token: "${token}" }`,
    `jetstream { store_dir: "store", max_memory_store: 64MB, max_file_store: 8GB }`, // within the folder it is started in
    "",
  ].join("\n"), { mode: 0o600 });
  await chmod(path, 0o600);
}

/** One running nats-server. */
export class NatsProcess {
  /** Settles when it has ended, with its last words. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #over = false;

  private constructor(child: ChildProcess, log: Log) {
    this.#child = child;
    const lastLines: string[] = [];
    if (child.stderr !== null) createInterface({ input: child.stderr }).on("line", (line) => {
      lastLines.push(line);
      if (lastLines.length > 5) lastLines.shift();
      const level = LEVELS[/\[(ERR|FTL|WRN)\]/.exec(line)?.[1] as keyof typeof LEVELS] ?? "debug";
      log[level]({ line }, "nats-server");
    });
    this.ended = endOf(child).then(({ code, error }) => {
      this.#over = true;
      return error?.message ?? `nats-server ended with status ${code}: ${lastLines.join(" | ")}`;
    });
  }

  /** Starts it and waits until it greets. Throws its last words when it ends before that. */
  static async start({ dir, port }: NatsSettings, log: Log, signal: AbortSignal): Promise<NatsProcess> {
    const process = new NatsProcess(spawnGuarded("nats-server", ["-c", "server.conf"], { cwd: dir, stdio: ["ignore", "ignore", "pipe"] }), log);
    const deadline = Date.now() + START_LIMIT_MS;
    while (!process.#over && !signal.aborted && Date.now() < deadline) {
      if (await greets(port)) return process;
      await pause(20, signal);
    }
    const slow = process.#over ? "" : "nats-server did not greet in time; ";
    await process.stop();
    throw new Error(slow + await process.ended);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async stop(): Promise<void> {
    if (this.#over) return;
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(force);
  }
}

/** Does a server with JetStream answer? It opens its port only when it is ready. */
function greets(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: NATS_HOST, port });
  socket.setTimeout(1_000, () => socket.destroy());
  socket.once("data", (data) => { resolve(data.includes('"jetstream":true')); socket.destroy(); });
  socket.once("error", () => resolve(false)).once("close", () => resolve(false));
  return promise;
}
