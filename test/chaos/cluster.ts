import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clientDirs, freePort, startNats, tempDir, until, type NatsServer } from "@safebase/testing";
import { Client } from "../client.ts";
import { startProgram, type Program } from "../e2e/program.ts";

/** Gateway and executor as processes of their own on one NATS, with short times, so that a death is noticed in seconds. */
export interface Cluster extends AsyncDisposable {
  readonly nats: NatsServer;
  readonly client: Client;
  startGateway(): Promise<void>;
  startExecutor(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  killGateway(): Promise<void>;
  killExecutor(): Promise<void>;
  readonly executorPid: number;
  /** Names of all files in the storage, temporaries included. */
  artifacts(): Promise<string[]>;
  /** What the programs have written, for a failed test. */
  output(): string;
}

export async function startCluster(): Promise<Cluster> {
  await using stack = new AsyncDisposableStack();
  let owner = stack;
  const dir = stack.use(await tempDir("chaos"));
  const nats = stack.use(await startNats());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_PORT: String(port), SAFEBASE_LOG_LEVEL: "warn",
    SAFEBASE_LEASE_TTL_S: "3", SAFEBASE_RECONCILE_S: "1", SAFEBASE_SWEEP_GRACE_S: "1", SAFEBASE_CLIENT_PATH: clientDirs().join(":"),
  };
  const programs: Program[] = [];
  const start = (service: string): Program => {
    const program = owner.use(startProgram(`services/${service}/src/main.ts`, settings));
    programs.push(program);
    return program;
  };
  let gateway: Program, executor: Program;
  const startGateway = async (): Promise<void> => {
    gateway = start("gateway");
    await until("the gateway to be ready", async () => (await fetch(`${url}/readyz`)).ok);
  };
  const startExecutor = async (): Promise<void> => { executor = start("executor"); };
  const kill = async (program: Program): Promise<void> => {
    program.signal("SIGKILL");
    await program.ended();
  };
  await startGateway();
  await startExecutor();
  const client = await Client.register(() => url);
  owner = stack.move();
  return {
    nats, client, startGateway, startExecutor,
    killGateway: () => kill(gateway),
    killExecutor: () => kill(executor),
    get executorPid() { return executor.pid; },
    artifacts: async () => {
      const files = await readdir(join(dir.path, "artifacts"), { recursive: true, withFileTypes: true });
      return files.filter((file) => file.isFile()).map((file) => file.name).sort();
    },
    output: () => programs.map((program) => program.output()).join("\n"),
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}
