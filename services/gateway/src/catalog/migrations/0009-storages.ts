import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

type Column = ColumnDefinitionBuilder;

const required = (column: Column): Column => column.notNull();

/** Storages that users add, and the copies of a backup in them. */
export function storages(dialect: CatalogDialect): Migration {
  const id = (column: Column): Column => (dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Kysely<unknown>) => {
      await createStorages(db, id);
      await createCopies(db, id);
      await db.schema.alterTable("databases").addColumn("storages", "text").execute();
      await db.schema.alterTable("jobs").addColumn("copy_id", "integer").execute();
      await db.schema.createIndex("jobs_copy").on("jobs").column("copy_id").execute();
      await db.schema.alterTable("backups").dropColumn("storage").execute();
    },
  };
}

async function createStorages(db: Kysely<unknown>, id: (column: Column) => Column): Promise<void> {
  await db.schema.createTable("storages")
    .addColumn("id", "integer", id)
    .addColumn("user_id", "integer", (column) => column.references("users.id"))
    .addColumn("name", "text", (column) => column.notNull().unique())
    .addColumn("type", "text", required)
    .addColumn("target", "text", required)
    .addColumn("config_sealed", "text")
    .addColumn("shared", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("encryption_key_id", "integer")
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .execute();
  const now = new Date().toISOString();
  await sql`insert into storages (user_id, name, type, target, config_sealed, shared, created_at, updated_at)
    values (null, 'local', 'local', 'the data folder of each executor', null, 1, ${now}, ${now})`.execute(db);
}

/** Each backup that there is has one, wherever it was written to. */
async function createCopies(db: Kysely<unknown>, id: (column: Column) => Column): Promise<void> {
  await db.schema.createTable("copies")
    .addColumn("id", "integer", id)
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("storage", "text", (column) => column.notNull().references("storages.name"))
    .addColumn("state", "text", required)
    .addColumn("detail", "text")
    .addColumn("checked_at", "text")
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .addUniqueConstraint("copies_once", ["backup_id", "storage"])
    .addCheckConstraint("copies_state", sql`state in ('pending', 'good', 'damaged', 'missing')`)
    .execute();
  await sql`insert into copies (backup_id, storage, state, checked_at, created_at, updated_at)
    select id, storage, case when status in ('pending', 'running') then 'pending' when status <> 'completed' then 'missing'
      when integrity in ('damaged', 'missing') then integrity else 'good' end, checked_at, created_at, updated_at
    from backups where purged_at is null`.execute(db);
  await db.schema.createIndex("copies_storage").on("copies").column("storage").execute();
  await db.schema.createIndex("copies_lost").on("copies").column("backup_id").where(sql<boolean>`state in ('damaged', 'missing')`).execute();
}
