import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** In how many parts a backup is dumped (null: as many as fit), and whether the server's roles are in it. */
export const parts: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const table of ["backups", "schedules"]) {
      await db.schema.alterTable(table).addColumn("jobs", "integer").execute();
      await db.schema.alterTable(table).addColumn("globals", "integer", (column) => column.notNull().defaultTo(0)).execute();
    }
  },
};
