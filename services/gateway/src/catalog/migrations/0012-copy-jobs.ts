import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Copies that are on their way out, and one open job of a kind at most for each. */
export const copyJobs: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("copies").addColumn("deleted_at", "text").execute();
    await db.schema.createIndex("jobs_copy_open").on("jobs").columns(["copy_id", "kind"]).unique()
      .where(sql<boolean>`copy_id is not null and status in ('pending', 'running')`).execute();
  },
};
