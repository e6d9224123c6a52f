import { sql } from "kysely";
import type { Db } from "./scope.ts";

/** Throws when the catalog does not answer. */
export async function pingCatalog(db: Db): Promise<void> {
  await sql`select 1 from users where id = 0`.execute(db);
}
