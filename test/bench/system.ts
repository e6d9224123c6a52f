import { join, resolve } from "node:path";
import { freePort, ServerProcess, startNats, tempDir } from "@safebase/testing";
import { Client, type Json } from "../client.ts";
import type { Subject } from "./subject.ts";

const START = resolve(import.meta.dirname, "../../scripts/run");
/** What `npm start` and the containers start Node with. */
export const FRUGAL = ["--max-semi-space-size=1", "--optimize-for-size"];
export const FEW_POOLS = { MALLOC_ARENA_MAX: "2" };

/** SafeBase as `npm start` runs it (the script becomes node), a process of its own, so that its memory can be measured. */
export interface System extends AsyncDisposable {
  readonly pid: number;
  readonly client: Client;
  readonly catalog_url: string;
  /** A database with these settings beside its connection; several registrations of one are several databases to it. */
  register(subject: Subject, more?: Json): Promise<number>;
}

export async function startSystem(catalog_url?: string): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("bench-system")).path;
  const { port, url, env } = await settings(dir, catalog_url);
  const program = new ServerProcess({ program: "bash", args: [START, "start"], log_path: join(dir, "log"), env: { ...env, SAFEBASE_NATS_URL: "", SAFEBASE_PORT: String(port) } });
  stack.defer(() => program.signal("SIGTERM"));
  await program.start(() => isReady(url));
  return await opened(url, env.SAFEBASE_CATALOG_URL, program, stack.move());
}

/** Gateway and executor as processes of their own, as in containers; the executor is the one whose memory is measured. */
export async function startApart(): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("bench-system")).path;
  const nats = stack.use(await startNats());
  const { port, url, env } = await settings(dir);
  const start = async (service: string, own: Record<string, string>, ready: () => Promise<void>): Promise<ServerProcess> => {
    const main = resolve(import.meta.dirname, `../../services/${service}/src/main.ts`);
    const program = new ServerProcess({ program: process.execPath, args: [...FRUGAL, main], log_path: join(dir, `${service}.log`), env: { ...env, ...FEW_POOLS, SAFEBASE_NATS_URL: nats.url, ...own } });
    stack.defer(() => program.signal("SIGTERM"));
    await program.start(ready);
    return program;
  };
  await start("gateway", { SAFEBASE_PORT: String(port) }, () => isReady(url));
  const metrics_port = await freePort();
  const executor = await start("executor", { SAFEBASE_METRICS_PORT: String(metrics_port) }, () => isReady(`http://127.0.0.1:${metrics_port}`));
  return await opened(url, env.SAFEBASE_CATALOG_URL, executor, stack.move());
}

async function settings(dir: string, catalog_url?: string): Promise<{ port: number; url: string; env: Record<string, string> & { SAFEBASE_CATALOG_URL: string } }> {
  const port = await freePort(), data_dir = join(dir, "data");
  return { port, url: `http://127.0.0.1:${port}`, env: { SAFEBASE_DATA_DIR: data_dir, SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_CATALOG_URL: catalog_url ?? `sqlite:${join(data_dir, "catalog.db")}`, SAFEBASE_ALLOWED_TARGETS: "127.0.0.1", SAFEBASE_DUMPS_PER_SERVER: "64" } };
}

export async function isReady(url: string): Promise<void> {
  if (!(await fetch(`${url}/readyz`)).ok) throw new Error("not ready");
}

async function opened(url: string, catalog_url: string, program: ServerProcess, owned: AsyncDisposableStack): Promise<System> {
  await using stack = owned.move();
  const client = await Client.register(() => url, "bench@example.org");
  const kept = stack.move();
  let registered = 0;
  return {
    pid: program.pid as number, client, catalog_url,
    register: ({ server, db_name }, more = {}) => client.addDatabase(server, db_name, { name: `bench ${++registered} ${db_name}`, ...more }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** A key whose identity SafeBase keeps: the setting of a database that is encrypted with it. */
export async function newKey({ client }: System): Promise<{ encryption_key_id: number }> {
  const { key } = await client.call<{ key: { id: number } }>("POST", "/api/keys", { name: "bench", generate: true });
  return { encryption_key_id: key.id };
}
