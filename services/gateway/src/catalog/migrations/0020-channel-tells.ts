import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What a channel was told last is shown beside it. */
export const channelTells: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createIndex("notifications_channel").on("notifications").columns(["channel_id", "id"]).execute();
  },
};
