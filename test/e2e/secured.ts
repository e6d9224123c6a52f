import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join, resolve } from "node:path";
import { once } from "node:events";
import { promisify } from "node:util";
import { clientDirs, findProgram, freePort, ServerProcess, tempDir, until } from "@safebase/testing";
import { Client } from "../client.ts";
import { startProgram, type Program } from "./program.ts";
import { end } from "./system.ts";

export const PROJECT_DIR = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** A gateway and an executor of its own group on a NATS as `deploy/init.ts` secures it, each with a data folder of its own. */
export interface Secured extends AsyncDisposable {
  readonly url: string;
  readonly dir: string;
  readonly admin: Client;
  /** Of the installation's own group. */
  readonly executor: Program;
  readonly gateway: Program;
}

export async function startSecured(): Promise<Secured> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("secured")).path;
  const [nats_port, port] = [await freePort(), await freePort()];
  const secrets = (name: string): string => join(dir, "secrets", name);
  await run(process.execPath, [join(PROJECT_DIR, "deploy/init.ts"), join(dir, "secrets"), "--nats-etc", secrets("nats"), "--nats-store", join(dir, "store"), "--nats-port", String(nats_port)]);
  await startNats(stack, secrets("nats/nats.conf"), nats_port);
  const nats = { SAFEBASE_NATS_URL: `tls://127.0.0.1:${nats_port}`, SAFEBASE_NATS_CA_FILE: secrets("nats/ca.crt"), SAFEBASE_CLIENT_PATH: clientDirs().join(":") };
  const start = (service: string, settings: Record<string, string>): Program => {
    const program = stack.use(startProgram(`services/${service}/src/main.ts`, { ...nats, SAFEBASE_DATA_DIR: join(dir, service), ...settings }));
    stack.defer(() => end(program));
    return program;
  };
  const gateway = start("gateway", {
    SAFEBASE_PORT: String(port), SAFEBASE_MASTER_KEY_FILE: secrets("master.key"), SAFEBASE_NATS_CREDS_FILE: secrets("creds/gateway.creds"),
    SAFEBASE_NATS_SIGNING_KEY_FILE: secrets("nats/signing.key"), SAFEBASE_NATS_PUBLIC_URL: `tls://localhost:${nats_port}`,
  });
  const executor = start("executor", { SAFEBASE_NATS_CREDS_FILE: secrets("creds/executor-default.creds"), SAFEBASE_GROUP_KEY_FILE: secrets("group-default.key") });
  const url = `http://127.0.0.1:${port}`;
  await until("the gateway to be ready", async () => gateway.runs() ? (await fetch(`${url}/readyz`)).ok : Promise.reject(new Error(gateway.output())), { timeout_ms: 60_000 });
  const admin = await Client.register(() => url, "admin@example.org");
  const owned = stack.move();
  return { url, dir, admin, executor, gateway, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** As its configuration says, on loopback alone and without a port to be watched at, which another may have. */
async function startNats(stack: AsyncDisposableStack, conf: string, port: number): Promise<void> {
  const text = await readFile(conf, "utf8");
  await writeFile(conf, text.replace("0.0.0.0", "127.0.0.1").replace(/^http: .*\n/m, ""));
  const server = new ServerProcess({ program: findProgram("nats-server") ?? "nats-server", args: ["-c", conf], log_path: `${conf}.log` });
  stack.defer(() => server.signal("SIGTERM"));
  await server.start(async () => {
    const socket = createConnection({ host: "127.0.0.1", port });
    await once(socket, "data"); // it greets
    socket.destroy();
  });
}
