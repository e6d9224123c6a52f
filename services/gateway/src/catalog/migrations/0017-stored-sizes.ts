import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What is stored of each database is summed from an index alone. */
export const storedSizes: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createIndex("backups_stored").on("backups").columns(["database_id", "size_bytes"]).where(sql<boolean>`status = 'completed' and deleted_at is null`).execute();
  },
};
