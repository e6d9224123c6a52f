import type { CreateTableBuilder, Kysely } from "kysely";
import { sql } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

/** Groups of executors, whom they are open to, and the tokens with which machines join them. Those that are in use already are closed. */
export function executorGroups(dialect: CatalogDialect): Migration {
  const withId = (db: Kysely<unknown>, table: string): CreateTableBuilder<string, "id"> =>
    db.schema.createTable(table).addColumn("id", "integer", (column) =>
      dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable("executor_groups")
        .addColumn("name", "text", (column) => column.primaryKey())
        .addColumn("open", "integer", (column) => column.notNull().defaultTo(0))
        .addColumn("note", "text")
        .addColumn("created_at", "text", (column) => column.notNull())
        .execute();
      await sql`insert into executor_groups (name, created_at) select used.name, ${new Date().toISOString()} from (
        select executor_group as name from databases where deleted_at is null union select executor_group from servers) as used`.execute(db);
      await withId(db, "join_tokens")
        .addColumn("token_hash", "text", (column) => column.notNull().unique())
        .addColumn("executor_group", "text", (column) => column.notNull())
        .addColumn("user_id", "integer", (column) => column.notNull().references("users.id").onDelete("cascade"))
        .addColumn("created_at", "text", (column) => column.notNull())
        .addColumn("expires_at", "text", (column) => column.notNull())
        .addColumn("used_at", "text")
        .addColumn("used_ip", "text")
        .addColumn("used_host", "text")
        .execute();
      await db.schema.createIndex("join_tokens_expiry").on("join_tokens").column("expires_at").execute();
    },
  };
}
