import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** The keys of storages besides those of databases, and storages that cannot be reached. */
export const storageKeys: Migration = {
  up: async (db: Kysely<unknown>) => {
    await createBackupKeys(db);
    await allowUnreachable(db);
  },
};

/** A backup is opened by any of the keys that it was ordered to be encrypted with. */
async function createBackupKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable("backup_keys")
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("encryption_key_id", "integer", (column) => column.notNull().references("encryption_keys.id").onDelete("cascade"))
    .addPrimaryKeyConstraint("backup_keys_key", ["backup_id", "encryption_key_id"])
    .execute();
  await db.schema.createIndex("backup_keys_of").on("backup_keys").column("encryption_key_id").execute();
  await sql`insert into backup_keys (backup_id, encryption_key_id)
    select id, encryption_key_id from backups where encryption_key_id in (select id from encryption_keys)`.execute(db);
}

/** SQLite cannot make a column nullable: the table is made anew. What it holds is looked at every few minutes. */
async function allowUnreachable(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("storage_status").execute();
  await db.schema.createTable("storage_status")
    .addColumn("storage", "text", (column) => column.notNull())
    .addColumn("executor_group", "text", (column) => column.notNull())
    .addColumn("used_bytes", "bigint")
    .addColumn("free_bytes", "bigint")
    .addColumn("total_bytes", "bigint")
    .addColumn("checked_at", "text", (column) => column.notNull())
    .addColumn("error_code", "text")
    .addColumn("error_msg", "text")
    .addColumn("error_hint", "text")
    .addPrimaryKeyConstraint("storage_status_once", ["storage", "executor_group"])
    .execute();
}
