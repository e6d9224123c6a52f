import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const zero = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull().defaultTo(0);
const none = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull().defaultTo("[]");

/** Whole servers, whose databases are registered as they appear. */
export function servers(dialect: CatalogDialect): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable("servers")
        .addColumn("id", "integer", (column) => dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity())
        .addColumn("user_id", "integer", (column) => column.notNull().references("users.id"))
        .addColumn("name", "text", required).addColumn("type", "text", required).addColumn("host", "text", required).addColumn("port", "integer", required)
        .addColumn("username", "text", required).addColumn("password_sealed", "text").addColumn("ssl_mode", "text", required).addColumn("ssl_ca", "text")
        .addColumn("executor_group", "text", required)
        .addColumn("include", "text", required).addColumn("exclude", "text", required).addColumn("left_out", "text", none)
        .addColumn("retention", "text").addColumn("encryption_key_id", "integer").addColumn("storages", "text").addColumn("schedule", "text")
        .addColumn("sync_begun", "integer", zero).addColumn("sync_applied", "integer", zero)
        .addColumn("synced_at", "text").addColumn("succeeded_at", "text").addColumn("found", "integer", zero).addColumn("added", "integer", zero)
        .addColumn("closed", "text", none).addColumn("problem", "text").addColumn("problem_told", "integer", zero)
        .addColumn("created_at", "text", required).addColumn("updated_at", "text", required)
        .execute();
      await db.schema.createIndex("servers_user").on("servers").columns(["user_id", "id"]).execute();
      await db.schema.alterTable("databases").addColumn("server_id", "integer").execute();
      await db.schema.alterTable("databases").addColumn("missing_since", "text").execute();
      await db.schema.createIndex("databases_server").unique().on("databases").columns(["server_id", "db_name"])
        .where(sql<boolean>`server_id is not null and deleted_at is null`).execute();
    },
  };
}
