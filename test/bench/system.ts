import { join, resolve } from "node:path";
import { freePort, ServerProcess, tempDir, type ServerInfo } from "@safebase/testing";
import { Client } from "../client.ts";

const START = resolve(import.meta.dirname, "../../scripts/run");

/** SafeBase as `npm start` runs it (the script becomes node), a process of its own, so that its memory can be measured. */
export interface System extends AsyncDisposable {
  readonly pid: number;
  readonly client: Client;
  register(server: ServerInfo, db_name: string): Promise<number>;
}

export async function startSystem(): Promise<System> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("bench-system")).path;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = new ServerProcess({
    program: "bash", args: [START, "start"], log_path: join(dir, "log"),
    env: { SAFEBASE_DATA_DIR: join(dir, "data"), SAFEBASE_PORT: String(port), SAFEBASE_LOG_LEVEL: "warn", SAFEBASE_NATS_URL: "", SAFEBASE_CATALOG_URL: "" },
  });
  stack.defer(() => program.signal("SIGTERM"));
  await program.start(async () => {
    if (!(await fetch(`${url}/readyz`)).ok) throw new Error("not ready");
  });
  const client = await Client.register(() => url, "bench@example.org");
  const owned = stack.move();
  return {
    pid: program.pid as number, client,
    register: (server, db_name) => client.addDatabase(server, db_name, { name: `bench ${db_name}` }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
