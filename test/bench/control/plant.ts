import { join, resolve } from "node:path";
import { freePort, ServerProcess, startNats, tempDir, type DatabaseServer } from "@safebase/testing";
import { Client } from "../../client.ts";
import type { Dialect } from "../data/history.ts";
import { FEW_POOLS, FRUGAL, isReady } from "../system.ts";
import { newCatalog } from "./catalogs.ts";

const EXECUTORS = 3;

/** So many gateways on one catalog, and three executors, as processes of their own on one NATS. */
export interface Plant extends AsyncDisposable {
  readonly catalog_url: string;
  /** Of the first account, at each gateway. */
  readonly clients: readonly Client[];
  startExecutors(): Promise<void>;
  stopExecutors(): Promise<void>;
}

export async function startPlant(dialect: Dialect, gateways: number, server: DatabaseServer): Promise<Plant> {
  await using stack = new AsyncDisposableStack();
  let owner = stack;
  const dir = stack.use(await tempDir("bench-plant")).path;
  const nats = stack.use(await startNats());
  const catalog_url = await newCatalog(dialect, server, stack) ?? `sqlite:${join(dir, "data", "catalog.db")}`;
  const env = {
    ...FEW_POOLS, SAFEBASE_DATA_DIR: join(dir, "data"), SAFEBASE_CATALOG_URL: catalog_url, SAFEBASE_NATS_URL: nats.url, SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_ALLOWED_TARGETS: "127.0.0.1",
    SAFEBASE_DUMPS_PER_SERVER: "64", SAFEBASE_EXECUTOR_CONCURRENCY: "4",
  };
  const start = async (service: string, name: string, port: number, own: Record<string, string>): Promise<ServerProcess> => {
    const main = resolve(import.meta.dirname, `../../../services/${service}/src/main.ts`);
    const program = new ServerProcess({ program: process.execPath, args: [...FRUGAL, main], log_path: join(dir, `${name}.log`), env: { ...env, ...own } });
    owner.defer(() => program.signal("SIGTERM"));
    await program.start(() => isReady(`http://127.0.0.1:${port}`));
    return program;
  };
  const urls: string[] = [];
  for (let n = 1; n <= gateways; n++) {
    const port = await freePort();
    await start("gateway", `gateway-${n}`, port, { SAFEBASE_PORT: String(port) });
    urls.push(`http://127.0.0.1:${port}`);
  }
  const first = await Client.register(() => urls[0]!, "bench@example.org");
  let executors: ServerProcess[] = [];
  owner = stack.move();
  return {
    catalog_url, clients: urls.map((url) => new Client(() => url, first.token)),
    startExecutors: async () => {
      for (let n = 1; n <= EXECUTORS; n++) {
        const port = await freePort();
        executors.push(await start("executor", `executor-${n}`, port, { SAFEBASE_METRICS_PORT: String(port) }));
      }
    },
    stopExecutors: async () => {
      await Promise.all(executors.map((each) => each.signal("SIGTERM")));
      executors = [];
    },
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}
