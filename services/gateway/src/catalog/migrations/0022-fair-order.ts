import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Jobs take turns: what goes first, by user and group; and runs that were handed back in order are told from those that died. */
export const fairOrder: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable("jobs").addColumn("urgent", "integer", (column) => column.notNull().defaultTo(0)).execute();
    await db.schema.alterTable("jobs").addColumn("turn_at", "text", (column) => column.notNull().defaultTo("")).execute();
    await db.schema.alterTable("jobs").addColumn("handed_back", "integer", (column) => column.notNull().defaultTo(0)).execute();
    await sql`update jobs set turn_at = not_before, urgent = case when kind = 'restore' then 1 else 0 end where status in ('pending', 'running')`.execute(db);
    await db.schema.createIndex("jobs_waiting").on("jobs").columns(["executor_group", "urgent", "user_id", "turn_at", "id", "not_before"])
      .where(sql<boolean>`status = 'pending' and published_at is null and cancel_requested_at is null`).execute();
    await db.schema.createIndex("jobs_out").on("jobs").columns(["executor_group", "user_id"])
      .where(sql<boolean>`status in ('pending', 'running') and published_at is not null`).execute();
    // In words that jobs_out does not have: SQLite would take this long one for that short one.
    await db.schema.createIndex("jobs_served").on("jobs").columns(["executor_group", "user_id", "published_at"]).where(sql<boolean>`published_at > ''`).execute();
  },
};
