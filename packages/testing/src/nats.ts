import { rm, writeFile } from "node:fs/promises";
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
  /** Has it read its configuration again, with this text in its place. */
  reload(conf: string): Promise<void>;
  /** Stops it, deletes all that it stored, and starts it again on the same port. */
  wipe(): Promise<void>;
}

export interface NatsOptions {
  readonly port?: number;
  /** Answers the configuration; without one anybody is let in. */
  readonly conf?: (places: { port: number; dir: string; store_dir: string }) => string | Promise<string>;
}

/** Starts nats-server with JetStream on loopback. */
export async function startNats({ port = 0, conf }: NatsOptions = {}): Promise<NatsServer> {
  const program = findProgram("nats-server");
  if (program === undefined) throw notInstalled("nats-server");
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("nats"));
  const host = "127.0.0.1", store_dir = join(dir.path, "store");
  if (port === 0) port = await freePort();
  const conf_path = join(dir.path, "nats.conf");
  if (conf !== undefined) await writeFile(conf_path, await conf({ port, dir: dir.path, store_dir }), { mode: 0o600 });
  const server = new ServerProcess({
    program, args: conf === undefined ? ["-a", host, "-p", String(port), "-js", "-sd", store_dir] : ["-c", conf_path], log_path: join(dir.path, "server.log"),
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
    reload: async (text) => {
      await writeFile(conf_path, text);
      if (server.pid !== undefined) process.kill(server.pid, "SIGHUP");
    },
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
