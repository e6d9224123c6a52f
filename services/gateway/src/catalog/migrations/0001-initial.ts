import { sql, type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

type Database = Kysely<unknown>;
type Column = ColumnDefinitionBuilder;

const required = (column: Column): Column => column.notNull();
const to = (target: string) => (column: Column): Column => column.references(target);
const owner = (column: Column): Column => column.notNull().references("users.id");

const STATUS = sql`status in ('pending', 'running', 'completed', 'failed', 'canceled')`;

/** The tables of the first version. A migration is never edited once released: it names no type of the schema. */
export function initial(dialect: CatalogDialect): Migration {
  /** Ids are never given twice, not even after a delete: artifacts and messages carry them. */
  const withId = (db: Database, table: string): CreateTableBuilder<string, "id"> =>
    db.schema.createTable(table).addColumn("id", "integer", (column) =>
      dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Database) => {
      await createAccounts(db, withId);
      await createDatabases(db, withId);
      await createSchedules(db, withId);
      await createBackups(db, withId);
      await createRestores(db, withId);
      await createJobs(db, withId);
      await createAudit(db, withId);
    },
  };
}

type WithId = (db: Database, table: string) => CreateTableBuilder<string, "id">;

async function createAccounts(db: Database, withId: WithId): Promise<void> {
  await withId(db, "users")
    .addColumn("email", "text", (column) => column.notNull().unique())
    .addColumn("password_hash", "text", required)
    .addColumn("role", "text", required)
    .addColumn("created_at", "text", required)
    .addCheckConstraint("users_email_lower", sql`email = lower(email)`)
    .execute();
  await db.schema.createTable("revoked_tokens")
    .addColumn("jti", "text", (column) => column.primaryKey())
    .addColumn("expires_at", "text", required)
    .execute();
  await db.schema.createTable("login_throttle")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("failures", "integer", required)
    .addColumn("window_started_at", "text", required)
    .addColumn("locked_until", "text")
    .execute();
}

async function createDatabases(db: Database, withId: WithId): Promise<void> {
  await withId(db, "databases")
    .addColumn("user_id", "integer", owner)
    .addColumn("name", "text", required)
    .addColumn("type", "text", required)
    .addColumn("host", "text", required)
    .addColumn("port", "integer", required)
    .addColumn("username", "text", required)
    .addColumn("password_sealed", "text")
    .addColumn("db_name", "text", required)
    .addColumn("ssl_mode", "text", required)
    .addColumn("ssl_ca", "text")
    .addColumn("executor_group", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .addColumn("deleted_at", "text")
    .execute();
  await db.schema.createIndex("databases_user").on("databases").columns(["user_id", "id"]).execute();
}

async function createSchedules(db: Database, withId: WithId): Promise<void> {
  await withId(db, "schedules")
    .addColumn("user_id", "integer", owner)
    .addColumn("database_id", "integer", (column) => column.notNull().references("databases.id"))
    .addColumn("name", "text", required)
    .addColumn("cron", "text", required)
    .addColumn("timezone", "text", required)
    .addColumn("enabled", "integer", required)
    .addColumn("format", "text")
    .addColumn("compression", "text")
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .execute();
  await db.schema.createIndex("schedules_user").on("schedules").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("schedules_database").on("schedules").column("database_id").execute();
}

async function createBackups(db: Database, withId: WithId): Promise<void> {
  await withId(db, "backups")
    .addColumn("user_id", "integer", owner)
    .addColumn("database_id", "integer", (column) => column.notNull().references("databases.id"))
    // No foreign key: a schedule may go, and the backups that it made stay.
    .addColumn("schedule_id", "integer")
    .addColumn("planned_at", "text")
    .addColumn("trigger", "text", required)
    .addColumn("type", "text", required)
    .addColumn("format", "text", required)
    .addColumn("compression", "text", required)
    .addColumn("storage", "text", required)
    .addColumn("stem", "text", required)
    .addColumn("filename", "text")
    .addColumn("filepath", "text")
    .addColumn("status", "text", required)
    .addColumn("size_bytes", "bigint")
    .addColumn("raw_size_bytes", "bigint")
    .addColumn("sha256", "text")
    .addColumn("server", "text")
    .addColumn("tool", "text")
    .addColumn("contents", "text")
    .addColumn("warnings", "text")
    .addColumn("error_code", "text")
    .addColumn("error_msg", "text")
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("finished_at", "text")
    .addColumn("updated_at", "text", required)
    .addColumn("deleted_at", "text")
    .addColumn("purged_at", "text")
    .addUniqueConstraint("backups_once_per_due", ["schedule_id", "planned_at"])
    .addCheckConstraint("backups_status", STATUS)
    .execute();
  await db.schema.createIndex("backups_user").on("backups").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("backups_database").on("backups").columns(["database_id", "id"]).execute();
  await db.schema.createIndex("backups_created").on("backups").column("created_at").execute();
}

async function createRestores(db: Database, withId: WithId): Promise<void> {
  await withId(db, "restores")
    .addColumn("user_id", "integer", owner)
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("target_database_id", "integer", (column) => column.notNull().references("databases.id"))
    .addColumn("target_db_name", "text", required)
    .addColumn("must_be_new", "integer", required)
    .addColumn("safety_backup_id", "integer", to("backups.id"))
    .addColumn("status", "text", required)
    .addColumn("replaced", "integer")
    .addColumn("warnings", "text")
    .addColumn("error_code", "text")
    .addColumn("error_msg", "text")
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("finished_at", "text")
    .addColumn("updated_at", "text", required)
    .addCheckConstraint("restores_status", STATUS)
    .execute();
  await db.schema.createIndex("restores_user").on("restores").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("restores_backup").on("restores").column("backup_id").execute();
  await db.schema.createIndex("restores_target").on("restores").column("target_database_id").execute();
}

async function createJobs(db: Database, withId: WithId): Promise<void> {
  await withId(db, "jobs")
    .addColumn("user_id", "integer", owner)
    .addColumn("kind", "text", required)
    .addColumn("status", "text", required)
    .addColumn("backup_id", "integer", to("backups.id"))
    .addColumn("restore_id", "integer", to("restores.id"))
    .addColumn("executor_group", "text", required)
    .addColumn("time_limit_s", "double precision", required)
    .addColumn("stall_limit_s", "double precision", required)
    .addColumn("not_before", "text", required)
    .addColumn("after_job_id", "integer", to("jobs.id"))
    .addColumn("published_at", "text")
    .addColumn("cancel_requested_at", "text")
    .addColumn("attempts", "integer", required)
    .addColumn("run_id", "text")
    .addColumn("executor_id", "text")
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("finished_at", "text")
    .addCheckConstraint("jobs_status", STATUS)
    .execute();
  const open = sql<boolean>`status in ('pending', 'running')`;
  await db.schema.createIndex("jobs_open").on("jobs").columns(["not_before", "id"]).where(open).execute();
  await db.schema.createIndex("jobs_backup").on("jobs").column("backup_id").execute();
  await db.schema.createIndex("jobs_restore").on("jobs").column("restore_id").execute();
  await db.schema.createIndex("jobs_after").on("jobs").column("after_job_id").execute();
  await db.schema.createTable("notices")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", required)
    .addColumn("payload", "text", required)
    .addColumn("created_at", "text", required)
    .execute();
}

async function createAudit(db: Database, withId: WithId): Promise<void> {
  await withId(db, "audit")
    .addColumn("at", "text", required)
    .addColumn("user_id", "integer") // no foreign key: the log outlives accounts
    .addColumn("actor", "text", required)
    .addColumn("action", "text", required)
    .addColumn("object_type", "text")
    .addColumn("object_id", "integer")
    .addColumn("ip", "text")
    .addColumn("outcome", "text", required)
    .addColumn("detail", "text")
    .execute();
  await db.schema.createIndex("audit_user").on("audit").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("audit_action").on("audit").columns(["action", "id"]).execute();
}
