import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

type Database = Kysely<unknown>;
type Column = ColumnDefinitionBuilder;

const required = (column: Column): Column => column.notNull();

/** Checks of what is stored, and what they found. */
export function integrity(dialect: CatalogDialect): Migration {
  const id = (column: Column): Column => (dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Database) => {
      await createChecks(db, id);
      await extendBackups(db);
      await db.schema.alterTable("jobs").addColumn("check_id", "integer").execute();
      await db.schema.createIndex("jobs_check").on("jobs").column("check_id").execute();
    },
  };
}

async function createChecks(db: Database, id: (column: Column) => Column): Promise<void> {
  await db.schema.createTable("checks")
    .addColumn("id", "integer", id)
    .addColumn("user_id", "integer", (column) => column.notNull().references("users.id"))
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("trigger", "text", required)
    .addColumn("status", "text", required)
    .addColumn("result", "text")
    .addColumn("copies", "text")
    .addColumn("error_code", "text")
    .addColumn("error_msg", "text")
    .addColumn("error_hint", "text")
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("finished_at", "text")
    .addColumn("updated_at", "text", required)
    .addCheckConstraint("checks_status", sql`status in ('pending', 'running', 'completed', 'failed', 'canceled')`)
    .execute();
  await db.schema.createIndex("checks_user").on("checks").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("checks_backup").on("checks").column("backup_id").execute();
  await db.schema.createIndex("checks_open").on("checks").column("backup_id").where(sql<boolean>`status in ('pending', 'running')`).execute();
}

/** The indexes of a database's newest backups count no damaged ones from now on. */
async function extendBackups(db: Database): Promise<void> {
  await db.schema.alterTable("backups").addColumn("integrity", "text", (column) => column.notNull().defaultTo("unchecked")).execute();
  await db.schema.alterTable("backups").addColumn("checked_at", "text").execute();
  await db.schema.dropIndex("backups_newest").execute();
  await db.schema.dropIndex("backups_verified").execute();
  const [takenAt, seenAt] = [sql`coalesce(started_at, created_at)`, sql`coalesce(checked_at, finished_at)`];
  const stored = sql<boolean>`status = 'completed' and deleted_at is null`;
  const counts = sql<boolean>`${stored} and integrity in ('unchecked', 'good')`;
  await db.schema.createIndex("backups_newest").on("backups").column("database_id").expression(takenAt).where(counts).execute();
  await db.schema.createIndex("backups_verified").on("backups").column("database_id").expression(takenAt)
    .where(sql<boolean>`${counts} and verified_at is not null`).execute();
  await db.schema.createIndex("backups_seen").on("backups").expression(seenAt).where(stored).execute();
  await db.schema.createIndex("backups_damaged").on("backups").column("type").where(sql<boolean>`integrity in ('damaged', 'missing') and deleted_at is null`).execute();
}
