import { rm } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { freePort } from "./port.ts";
import { ServerProcess } from "./process.ts";
import { findProgram, notInstalled, tempDir } from "./workspace.ts";

export interface NatsServer extends AsyncDisposable {
  url: string;
  host: string;
  port: number;
  store_dir: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Stops it, deletes all that it stored, and starts it again on the same port. */
  wipe(): Promise<void>;
}

/** Starts nats-server with JetStream on loopback. */
export async function startNats(): Promise<NatsServer> {
  const program = findProgram("nats-server");
  if (program === undefined) throw notInstalled("nats-server");
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("nats"));
  const host = "127.0.0.1", port = await freePort(), store_dir = join(dir.path, "store");
  const server = new ServerProcess({
    program, args: ["-a", host, "-p", String(port), "-js", "-sd", store_dir], log_path: join(dir.path, "server.log"),
  });
  stack.defer(() => server.signal("SIGKILL"));
  const start = () => server.start(() => greets(host, port));
  const stop = () => server.signal("SIGTERM");
  await start();
  const owned = stack.move();
  return {
    url: `nats://${host}:${port}`, host, port, store_dir, stop,
    kill: () => server.signal("SIGKILL"),
    restart: async () => { await stop(); await start(); },
    wipe: async () => { await stop(); await rm(store_dir, { recursive: true, force: true }); await start(); },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Resolves when the server greets with JetStream ready; the port opens only after that. */
function greets(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    socket.once("data", (data) => {
      socket.destroy();
      if (data.includes('"jetstream":true')) resolve();
      else reject(new Error("nats-server greets without JetStream"));
    });
    socket.once("error", reject);
    socket.setTimeout(2_000, () => socket.destroy(new Error("nats-server does not greet")));
  });
}
