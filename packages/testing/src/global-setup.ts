import type { TestProject } from "vitest/node";
import { mysqlMissing, startMariadb, startMysql } from "./mysql.ts";
import { startNats } from "./nats.ts";
import { startPostgres } from "./postgres.ts";
import type { ServerInfo } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgres: ServerInfo;
    mariadb: ServerInfo;
    /** Null where MySQL cannot be had; a test then skips itself, see `describeMysql`. */
    mysql: ServerInfo | null;
    nats_url: string;
  }
}

/** Starts the servers that integration and end-to-end tests share, once for each project that runs. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const missing = mysqlMissing();
  if (missing !== undefined) console.warn(`skipped: every test on MySQL: ${missing}`);
  const started = await Promise.allSettled([startPostgres(), startMariadb(), missing === undefined ? startMysql() : null, startNats()]);
  const stack = new AsyncDisposableStack();
  for (const each of started) if (each.status === "fulfilled") stack.use(each.value);
  const failed = started.find((each) => each.status === "rejected");
  if (failed) {
    await stack.disposeAsync();
    throw failed.reason;
  }
  const [postgres, mariadb, mysql, nats] = started.map((each) => (each as PromiseFulfilledResult<unknown>).value) as
    [ServerInfo, ServerInfo, ServerInfo | null, { url: string }];
  project.provide("postgres", plain(postgres));
  project.provide("mariadb", plain(mariadb));
  project.provide("mysql", mysql === null ? null : plain(mysql));
  project.provide("nats_url", nats.url);
  return () => stack.disposeAsync();
}

/** Without the functions, which cannot travel to the workers. */
function plain(server: ServerInfo): ServerInfo {
  return JSON.parse(JSON.stringify(server)) as ServerInfo;
}
