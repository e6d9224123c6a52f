import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();
const count = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull().defaultTo(0);

/** Readings of what lies in a storage. */
export function scans(dialect: CatalogDialect): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable("scans")
        .addColumn("id", "integer", (column) => dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity())
        .addColumn("user_id", "integer", (column) => column.notNull().references("users.id").onDelete("cascade"))
        .addColumn("storage", "text", required)
        .addColumn("status", "text", required)
        .addColumn("artifacts", "integer", count)
        .addColumn("known", "integer", count)
        .addColumn("backups", "integer", count)
        .addColumn("copies", "integer", count)
        .addColumn("databases", "integer", count)
        .addColumn("left_out", "integer", count)
        .addColumn("problems", "text", required)
        .addColumn("error_code", "text")
        .addColumn("error_msg", "text")
        .addColumn("error_hint", "text")
        .addColumn("created_at", "text", required)
        .addColumn("updated_at", "text", required)
        .addColumn("finished_at", "text")
        .addCheckConstraint("scans_status", sql`status in ('running', 'completed', 'failed')`)
        .execute();
      await db.schema.createIndex("scans_running").unique().on("scans").column("storage").where(sql<boolean>`status = 'running'`).execute();
      await db.schema.createIndex("backups_stem").on("backups").column("stem").execute();
    },
  };
}
