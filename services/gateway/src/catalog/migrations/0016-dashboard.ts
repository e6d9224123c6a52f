import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What the dashboard sums up, in indexes that answer alone: what ended when, and what there is or when it went. They
 * begin with a time, so that no other query takes them for better than its own.
 */
export const dashboard: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createIndex("backups_ended").on("backups").columns(["finished_at", "status", "user_id", "size_bytes"]).execute();
    await db.schema.createIndex("backups_standing").on("backups").columns(["purged_at", "status", "user_id", "deleted_at", "size_bytes"]).execute();
    for (const table of ["restores", "verifications", "checks"]) {
      await db.schema.createIndex(`${table}_failed`).on(table).column("finished_at").where(sql<boolean>`status = 'failed'`).execute();
    }
  },
};
