import { sql } from "kysely";
import type { Db } from "./scope.ts";

/** Throws when the catalog does not answer. */
export async function pingCatalog(db: Db): Promise<void> {
  await sql`select 1 from users where id = 0`.execute(db);
}

/** Which PostgreSQL the catalog lies in, as "15.20". */
export async function serverVersion(db: Db): Promise<string> {
  const { rows: [server] } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db);
  return server?.version ?? "";
}
