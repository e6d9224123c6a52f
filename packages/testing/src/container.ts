import { randomBytes } from "node:crypto";
import { getContainerRuntimeClient, GenericContainer, Wait, type StartedTestContainer } from "testcontainers";
import { connect } from "./connection.ts";
import { freePort } from "./port.ts";
import type { DatabaseServer, Engine, ServerInfo, ServerOptions } from "./server.ts";
import { until } from "./until.ts";

/** The official images, and what each is told so that its superuser has our password. */
const IMAGES = {
  postgresql: { image: "postgres", port: 5432, username: "postgres", password: "POSTGRES_PASSWORD" },
  mariadb: { image: "mariadb", port: 3306, username: "root", password: "MARIADB_ROOT_PASSWORD" },
  mysql: { image: "mysql", port: 3306, username: "root", password: "MYSQL_ROOT_PASSWORD" },
};

/** Whether tests shall run on images, and can. */
export async function containersWanted(): Promise<boolean> {
  if (process.env["SAFEBASE_TEST_CONTAINERS"] !== "1") return false;
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false; // no engine answers: the caller takes the installed servers
  }
}

/** A server in a container; its client programs are those of this machine, so `bin_dir` is empty. */
export async function startContainer(engine: Engine, tag: string, options: ServerOptions): Promise<DatabaseServer> {
  if (options.tls || options.args) throw new Error("a server in a container takes no options");
  const { image, port, username, password: passwordName } = IMAGES[engine];
  const info: ServerInfo = {
    engine, version: "", host: "127.0.0.1", port: await freePort(), username, password: randomBytes(12).toString("hex"),
    bin_dir: "", data_dir: "",
  };
  const container = await new GenericContainer(`${image}:${tag}`)
    .withEnvironment({ [passwordName]: info.password })
    .withExposedPorts({ container: port, host: info.port }) // the same port after a restart
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(180_000)
    .start();
  return controlled(info, container);
}

async function controlled(info: ServerInfo, container: StartedTestContainer): Promise<DatabaseServer> {
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => { await container.stop({ remove: true, removeVolumes: true, timeout: 0 }); });
  const runtime = await getContainerRuntimeClient();
  const handle = runtime.container.getById(container.getId());
  const ready = () => until(`${info.engine} in its container to answer`, () => readVersion(info), { timeout_ms: 180_000, every_ms: 200 });
  info.version = await ready();
  const stop = async () => { await handle.stop({ t: 60 }); };
  const owned = stack.move();
  return Object.assign(info, {
    stop,
    kill: async () => { await handle.kill({ signal: "SIGKILL" }); },
    restart: async () => {
      const { State } = await handle.inspect();
      if (State.Running) await stop();
      await handle.start();
      await ready();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

async function readVersion(info: ServerInfo): Promise<string> {
  await using connection = await connect(info);
  const [row] = await connection.query("SELECT version() AS version");
  return /\d+(\.\d+)+/.exec(String(row!["version"]))![0];
}
