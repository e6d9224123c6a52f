import type { CreateTableBuilder, Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

/** Links that download one backup once, without a login. */
export function downloadLinks(dialect: CatalogDialect): Migration {
  const withId = (db: Kysely<unknown>, table: string): CreateTableBuilder<string, "id"> =>
    db.schema.createTable(table).addColumn("id", "integer", (column) =>
      dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Kysely<unknown>) => {
      await withId(db, "download_links")
        .addColumn("id_hash", "text", (column) => column.notNull().unique())
        .addColumn("user_id", "integer", (column) => column.notNull().references("users.id").onDelete("cascade"))
        .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id").onDelete("cascade"))
        .addColumn("form", "text", (column) => column.notNull())
        .addColumn("created_at", "text", (column) => column.notNull())
        .addColumn("created_ip", "text")
        .addColumn("expires_at", "text", (column) => column.notNull())
        .addColumn("used_at", "text")
        .addColumn("used_ip", "text")
        .addColumn("requests", "integer", (column) => column.notNull().defaultTo(0))
        .addColumn("sent_at", "text")
        .execute();
      await db.schema.createIndex("download_links_user").on("download_links").column("user_id").execute();
      await db.schema.createIndex("download_links_backup").on("download_links").column("backup_id").execute();
      await db.schema.createIndex("download_links_expiry").on("download_links").column("expires_at").execute();
    },
  };
}
