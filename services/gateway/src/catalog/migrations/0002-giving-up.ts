import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Jobs that are being given up, and hints beside error sentences. */
export const givingUp: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("jobs").addColumn("gave_up_after", "integer").execute();
    await db.schema.alterTable("backups").addColumn("error_hint", "text").execute();
    await db.schema.alterTable("restores").addColumn("error_hint", "text").execute();
  },
};
