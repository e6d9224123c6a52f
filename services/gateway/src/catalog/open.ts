import { resolve } from "node:path";
import { SafebaseError } from "@safebase/contracts";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { migrate } from "./migrate.ts";
import type { Catalog } from "./schema.ts";
import { NodeSqliteDialect } from "./sqlite.ts";

export type CatalogDialect = "sqlite" | "postgresql";

export interface OpenedCatalog extends AsyncDisposable {
  readonly db: Kysely<Catalog>;
  readonly dialect: CatalogDialect;
}

/** Opens the catalog at `sqlite:<path>` or `postgres(ql)://…` and brings its tables up to date, or to what they were with a migration. */
export async function openCatalog(url: string, to?: string): Promise<OpenedCatalog> {
  const dialect: CatalogDialect = url.startsWith("sqlite:") ? "sqlite" : "postgresql";
  const db = new Kysely<Catalog>({ dialect: dialect === "sqlite" ? openSqlite(url) : openPostgres(url) });
  try {
    await migrate(db, dialect, to);
  } catch (cause) {
    await db.destroy();
    if (cause instanceof SafebaseError) throw cause;
    throw new SafebaseError("internal", `the catalog cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: "see SAFEBASE_CATALOG_URL and that its place can be reached and written to", cause,
    });
  }
  return { db, dialect, [Symbol.asyncDispose]: () => db.destroy() };
}

function openSqlite(url: string): NodeSqliteDialect {
  const path = url.slice("sqlite:".length);
  return new NodeSqliteDialect(path === ":memory:" ? path : resolve(path));
}

function openPostgres(url: string): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url, max: 10, application_name: "safebase-gateway", connectionTimeoutMillis: 10_000,
    types: { getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format) as (value: string) => unknown) },
  });
  pool.on("error", () => { /* An idle session was ended by the server: the pool opens another when one is needed. */ });
  return new PostgresDialect({ pool });
}
