import { freshDatabase, startPostgres, type DatabaseServer } from "@safebase/testing";
import type { Dialect } from "../data/history.ts";

/** A PostgreSQL for catalogs: durable, as SQLite's catalog is, with Debian's settings otherwise. */
export function startCatalogServer(): Promise<DatabaseServer> {
  return startPostgres({ args: ["-c", "fsync=on", "-c", "full_page_writes=on"] });
}

/** The address of a new catalog there; undefined for SQLite's, which is made in the data folder. */
export async function newCatalog(dialect: Dialect, server: DatabaseServer, stack: AsyncDisposableStack): Promise<string | undefined> {
  if (dialect === "sqlite") return undefined;
  const { username, password, host, port, db_name } = stack.use(await freshDatabase(server, "catalog"));
  return `postgres://${username}:${password}@${host}:${port}/${db_name}`;
}
