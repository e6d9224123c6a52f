import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** How often an account has ended all of its sessions. */
export const sessionsEnded: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("users").addColumn("sessions_ended", "integer", (column) => column.notNull().defaultTo(0)).execute();
  },
};
