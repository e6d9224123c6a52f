import { containersWanted, startContainer } from "./container.ts";
import { startMariadb, startMysql } from "./mysql.ts";
import { startPostgres } from "./postgres.ts";
import type { DatabaseServer, Engine, ServerOptions } from "./server.ts";

const INSTALLED = { postgresql: startPostgres, mariadb: startMariadb, mysql: startMysql };

/**
 * A server of an engine: the image of `version` where SAFEBASE_TEST_CONTAINERS=1 and a container engine answers,
 * else the installed one, whatever its version (look at `version` of what comes back). The shape is the same.
 */
export async function startServer(wanted: { engine: Engine; version?: string }, options: ServerOptions = {}): Promise<DatabaseServer> {
  if (wanted.version !== undefined && await containersWanted()) return startContainer(wanted.engine, wanted.version, options);
  return INSTALLED[wanted.engine](options);
}
