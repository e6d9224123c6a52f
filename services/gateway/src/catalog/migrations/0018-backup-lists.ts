import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

type Column = ColumnDefinitionBuilder;

const required = (column: Column): Column => column.notNull();

/** Lists of many backups from an index alone, what happened to a job in order, and the parts of an artifact. */
export function backupLists(dialect: CatalogDialect): Migration {
  const id = (column: Column): Column => (dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Kysely<unknown>) => {
      await db.schema.alterTable("backups").addColumn("parts", "text").execute();
      await indexLists(db);
      await createLog(db, id);
    },
  };
}

const FILTERS = ["status", "type", "database_id", "trigger", "pinned", "verified_at", "created_at", "filename"] as const;

/** All that a list is filtered by, for one user's and for everybody's: rows are wide, and only those of one page are read. */
async function indexLists(db: Kysely<unknown>): Promise<void> {
  const there = sql<boolean>`deleted_at is null`;
  await db.schema.createIndex("backups_listed").on("backups").columns(["user_id", "id", ...FILTERS]).where(there).execute();
  await db.schema.createIndex("backups_listed_all").on("backups").columns(["id", ...FILTERS]).where(there).execute();
  await db.schema.dropIndex("backups_user").execute(); // SQLite would take it for a list, and read every row
  await db.schema.dropIndex("copies_storage").execute();
  await db.schema.createIndex("copies_storage").on("copies").columns(["storage", "backup_id", "deleted_at"]).execute();
  await db.schema.createIndex("audit_object").on("audit").columns(["object_type", "object_id", "id"]).execute();
}

async function createLog(db: Kysely<unknown>, id: (column: Column) => Column): Promise<void> {
  await db.schema.createTable("job_log")
    .addColumn("id", "integer", id)
    .addColumn("job_id", "integer", (column) => column.notNull().references("jobs.id"))
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("at", "text", required)
    .addColumn("event", "text", required)
    .addColumn("phase", "text")
    .addColumn("run", "integer", required)
    .addColumn("detail", "text", required)
    .execute();
  await db.schema.createIndex("job_log_backup").on("job_log").columns(["backup_id", "id"]).execute();
  await db.schema.createIndex("job_log_job").on("job_log").columns(["job_id", "id"]).execute();
  await db.schema.createIndex("job_log_phase").unique().on("job_log").columns(["job_id", "run", "phase"]).where(sql<boolean>`event = 'phase'`).execute();
}
