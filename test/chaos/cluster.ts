import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { subjects, type Tick, type TickName } from "@safebase/contracts";
import { Bus, createLog } from "@safebase/runtime";
import { clientDirs, connect, freePort, startNats, tempDir, until, type NatsServer, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { Client, type Shown } from "../client.ts";
import { processTree, startProgram, stillRunning, type Program } from "../e2e/program.ts";
import { filledDatabase } from "../e2e/system.ts";

const ROWS = 40_000; // a dump and a load of a second or so: long enough to be hit

/** Gateway and executor as processes of their own on one NATS, with short times, so that a death is noticed in seconds. */
export interface Cluster extends AsyncDisposable {
  readonly nats: NatsServer;
  readonly client: Client;
  startGateway(): Promise<void>;
  startExecutor(more?: Record<string, string>): Promise<Program>;
  /** SIGKILL, and waits until it is gone. */
  killGateway(): Promise<void>;
  killExecutor(): Promise<void>;
  readonly executorPid: number;
  readonly data_dir: string;
  /** Names of all files in a storage, temporaries included. */
  artifacts(folder?: string): Promise<string[]>;
  /** Asks for regular work of the system's, as a scheduler does. */
  tick(name: TickName): Promise<void>;
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
    SAFEBASE_NATS_URL: nats.url, SAFEBASE_DATA_DIR: dir.path, SAFEBASE_PORT: String(port), SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_DUMPS_PER_SERVER: "8",
    SAFEBASE_LEASE_TTL_S: "2", SAFEBASE_RECONCILE_S: "1", SAFEBASE_SWEEP_GRACE_S: "1", SAFEBASE_CLIENT_PATH: clientDirs().join(":"),
  };
  const programs: Program[] = [];
  const start = (service: string, more: Record<string, string> = {}): Program => {
    const program = owner.use(startProgram(`services/${service}/src/main.ts`, { ...settings, ...more }));
    programs.push(program);
    return program;
  };
  let gateway: Program, executor: Program;
  const startGateway = async (): Promise<void> => {
    gateway = start("gateway");
    await until("the gateway to be ready", async () => (await fetch(`${url}/readyz`)).ok);
  };
  const startExecutor = async (more?: Record<string, string>): Promise<Program> => executor = start("executor", more);
  const kill = async (program: Program): Promise<void> => {
    program.signal("SIGKILL");
    await program.ended();
  };
  await startGateway();
  await startExecutor();
  const client = await Client.register(() => url);
  owner = stack.move();
  return {
    nats, client, data_dir: dir.path, startGateway, startExecutor,
    killGateway: () => kill(gateway),
    killExecutor: () => kill(executor),
    get executorPid() { return executor.pid; },
    artifacts: async (folder = join(dir.path, "artifacts")) => {
      const files = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : []; // it is made with the first
      return files.filter((file) => file.isFile()).map((file) => file.name).sort();
    },
    tick: async (name) => {
      const signal = AbortSignal.timeout(10_000);
      await using bus = await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log: createLog("test", "silent") }, signal);
      await bus.publish(subjects.tick(name), { name, planned_at: new Date().toISOString() } satisfies Tick, { signal });
    },
    output: () => programs.map((program) => program.output()).join("\n"),
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}

/** A database that a job takes a while for, registered in the cluster. */
export function filled(cluster: Cluster, server: ServerInfo, rows = ROWS): Promise<TestDatabase & { id: number }> {
  return filledDatabase(server, cluster.client, "chaos", rows);
}

/** Kills the executor with all its jobs on it, sees that nothing of it lives on, and starts another. */
export async function replaceExecutor(cluster: Cluster): Promise<void> {
  const tree = await processTree(cluster.executorPid);
  await cluster.killExecutor();
  await until("the dead executor's native programs to end", async () => (await stillRunning(tree)).length === 0, { timeout_ms: 5_000 });
  await cluster.startExecutor();
}

/** Whether the scratch database of a verification is there. */
export async function scratchExists(server: ServerInfo, { scratch_db_name }: Shown): Promise<boolean> {
  await using admin = await connect(server);
  const names = await admin.query(server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA");
  if (!scratch_db_name) throw new Error("a verification names its scratch database");
  return names.some(({ name }) => name === scratch_db_name);
}
