import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Until when somebody has seen what there was to tell. */
export const noticesSeen: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("users").addColumn("notices_seen_at", "text").execute();
  },
};
