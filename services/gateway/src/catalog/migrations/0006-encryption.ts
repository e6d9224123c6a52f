import type { ColumnDefinitionBuilder, Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

const required = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder => column.notNull();

/** Keys to encrypt backups to, and what opens them. */
export function encryption(dialect: CatalogDialect): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable("encryption_keys")
        .addColumn("id", "integer", (column) => dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity())
        .addColumn("user_id", "integer", (column) => column.notNull().references("users.id").onDelete("cascade"))
        .addColumn("name", "text", required)
        .addColumn("recipient", "text", required)
        .addColumn("identity_sealed", "text")
        .addColumn("identity_given_at", "text")
        .addColumn("created_at", "text", required)
        .addColumn("retired_at", "text")
        .addUniqueConstraint("encryption_keys_once", ["user_id", "recipient"])
        .execute();
      await db.schema.alterTable("databases").addColumn("encryption_key_id", "integer").execute();
      // No foreign key: a deleted backup's row stays when its key goes.
      await db.schema.alterTable("backups").addColumn("encryption_key_id", "integer").execute();
      await db.schema.alterTable("backups").addColumn("recipients", "text").execute();
      await db.schema.createIndex("backups_key").on("backups").column("encryption_key_id").execute();
      await db.schema.alterTable("jobs").addColumn("identities_sealed", "text").execute();
    },
  };
}
