import { sql, type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { CatalogDialect } from "../open.ts";

type Database = Kysely<unknown>;
type Column = ColumnDefinitionBuilder;

const required = (column: Column): Column => column.notNull();
const flag = (fallback: 0 | 1) => (column: Column): Column => column.notNull().defaultTo(fallback);

const STATUS = sql`status in ('pending', 'running', 'completed', 'failed', 'canceled')`;

/** Retention, objectives, verifications, channels and notifications, and what is watched. */
export function alerting(dialect: CatalogDialect): Migration {
  const withId = (db: Database, table: string): CreateTableBuilder<string, "id"> =>
    db.schema.createTable(table).addColumn("id", "integer", (column) =>
      dialect === "sqlite" ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity());
  return {
    up: async (db: Database) => {
      await extendWhatWasThere(db);
      await createVerifications(db, withId);
      await createObjectives(db, withId);
      await createChannels(db, withId);
      await createWatched(db);
    },
  };
}

type WithId = (db: Database, table: string) => CreateTableBuilder<string, "id">;

async function extendWhatWasThere(db: Database): Promise<void> {
  await db.schema.alterTable("databases").addColumn("retention", "text").execute();
  const schedules: readonly [string, "integer" | "text", (column: Column) => Column][] = [
    ["jitter_s", "integer", flag(0)], ["storages", "text", (column) => column], ["retention", "text", (column) => column],
    ["verify_every", "integer", (column) => column], ["verify_database_id", "integer", (column) => column],
    ["effective_from", "text", (column) => column.notNull().defaultTo("")],
  ];
  for (const [name, type, build] of schedules) await db.schema.alterTable("schedules").addColumn(name, type, build).execute();
  await sql`update schedules set effective_from = updated_at`.execute(db);
  await db.schema.alterTable("backups").addColumn("pinned", "integer", flag(0)).execute();
  await db.schema.alterTable("backups").addColumn("verified_at", "text").execute();
  await db.schema.createIndex("backups_history").on("backups").columns(["database_id", "status", "finished_at"]).execute();
  const [takenAt, counts] = [sql`coalesce(started_at, created_at)`, sql<boolean>`status = 'completed' and deleted_at is null`];
  await db.schema.createIndex("backups_newest").on("backups").column("database_id").expression(takenAt).where(counts).execute();
  await db.schema.createIndex("backups_verified").on("backups").column("database_id").expression(takenAt)
    .where(sql<boolean>`${counts} and verified_at is not null`).execute();
  await db.schema.alterTable("jobs").addColumn("verification_id", "integer").execute();
  await db.schema.createIndex("jobs_verification").on("jobs").column("verification_id").execute();
}

async function createVerifications(db: Database, withId: WithId): Promise<void> {
  await withId(db, "verifications")
    .addColumn("user_id", "integer", (column) => column.notNull().references("users.id"))
    .addColumn("backup_id", "integer", (column) => column.notNull().references("backups.id"))
    .addColumn("target_database_id", "integer", (column) => column.notNull().references("databases.id"))
    .addColumn("scratch_db_name", "text", required)
    .addColumn("trigger", "text", required)
    .addColumn("status", "text", required)
    .addColumn("tables", "integer")
    .addColumn("rows", "bigint")
    .addColumn("differences", "text")
    .addColumn("warnings", "text")
    .addColumn("error_code", "text")
    .addColumn("error_msg", "text")
    .addColumn("error_hint", "text")
    .addColumn("created_at", "text", required)
    .addColumn("started_at", "text")
    .addColumn("finished_at", "text")
    .addColumn("updated_at", "text", required)
    .addCheckConstraint("verifications_status", STATUS)
    .execute();
  await db.schema.createIndex("verifications_user").on("verifications").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("verifications_backup").on("verifications").column("backup_id").execute();
}

async function createObjectives(db: Database, withId: WithId): Promise<void> {
  await withId(db, "objectives")
    .addColumn("user_id", "integer", (column) => column.notNull().references("users.id"))
    .addColumn("database_id", "integer", (column) => column.notNull().references("databases.id").onDelete("cascade"))
    .addColumn("kind", "text", required)
    .addColumn("max_age_s", "integer")
    .addColumn("enabled", "integer", flag(1))
    .addColumn("state", "text", (column) => column.notNull().defaultTo("none"))
    .addColumn("state_since", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .addUniqueConstraint("objectives_once", ["database_id", "kind"])
    .execute();
  await db.schema.createIndex("objectives_user").on("objectives").columns(["user_id", "id"]).execute();
}

async function createChannels(db: Database, withId: WithId): Promise<void> {
  await withId(db, "channels")
    .addColumn("user_id", "integer", (column) => column.references("users.id"))
    .addColumn("name", "text", required)
    .addColumn("type", "text", required)
    .addColumn("config_sealed", "text", required)
    .addColumn("target", "text", required)
    .addColumn("events", "text", required)
    .addColumn("database_ids", "text")
    .addColumn("all_users", "integer", flag(0))
    .addColumn("language", "text", required)
    .addColumn("group_s", "double precision", required)
    .addColumn("enabled", "integer", flag(1))
    .addColumn("source", "text", required)
    .addColumn("created_at", "text", required)
    .addColumn("updated_at", "text", required)
    .execute();
  await db.schema.createIndex("channels_user").on("channels").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("channels_configured").unique().on("channels").column("name").where(sql<boolean>`source = 'configuration'`).execute();
  for (const [name, type] of [["severity", "text"], ["user_id", "integer"], ["database_id", "integer"]] as const) {
    await db.schema.alterTable("notices").addColumn(name, type).execute();
  }
  await db.schema.alterTable("notices").addColumn("shown_at", "text").execute();
  await sql`update notices set shown_at = created_at, severity = case when kind like '%failed' then 'critical' else 'info' end`.execute(db);
  await db.schema.createIndex("notices_user").on("notices").columns(["user_id", "created_at"]).execute();
  await db.schema.createIndex("notices_age").on("notices").column("created_at").execute();
  await db.schema.createIndex("notices_unshown").on("notices").column("created_at").where(sql<boolean>`shown_at is null`).execute();
  await withId(db, "notifications")
    .addColumn("notice_id", "text", required)
    .addColumn("channel_id", "integer", required) // no foreign key: the record outlives the channel
    .addColumn("channel_name", "text", required)
    .addColumn("channel_type", "text", required)
    .addColumn("user_id", "integer")
    .addColumn("status", "text", required)
    .addColumn("attempts", "integer", flag(0))
    .addColumn("group_id", "text")
    .addColumn("group_size", "integer")
    .addColumn("answer", "text")
    .addColumn("error", "text")
    .addColumn("created_at", "text", required)
    .addColumn("published_at", "text")
    .addColumn("last_tried_at", "text")
    .addColumn("next_try_at", "text")
    .addColumn("finished_at", "text")
    .addUniqueConstraint("notifications_once", ["notice_id", "channel_id"])
    .execute();
  await db.schema.createIndex("notifications_user").on("notifications").columns(["user_id", "id"]).execute();
  await db.schema.createIndex("notifications_age").on("notifications").column("finished_at").execute();
  await db.schema.createIndex("notifications_open").on("notifications").columns(["id"]).where(sql<boolean>`status in ('pending', 'retrying')`).execute();
}

async function createWatched(db: Database): Promise<void> {
  await db.schema.createTable("watched")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("state", "text", required)
    .addColumn("since", "text", required)
    .addColumn("last_seen_at", "text")
    .addColumn("detail", "text")
    .execute();
  await db.schema.createTable("storage_status")
    .addColumn("storage", "text", required)
    .addColumn("executor_group", "text", required)
    .addColumn("used_bytes", "bigint", required)
    .addColumn("free_bytes", "bigint")
    .addColumn("total_bytes", "bigint")
    .addColumn("checked_at", "text", required)
    .addPrimaryKeyConstraint("storage_status_key", ["storage", "executor_group"])
    .execute();
  await db.schema.createTable("settings")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("value", "text", required)
    .addColumn("updated_at", "text", required)
    .execute();
  await db.schema.createTable("known_places")
    .addColumn("user_id", "integer", (column) => column.notNull().references("users.id").onDelete("cascade"))
    .addColumn("place", "text", required)
    .addColumn("first_seen_at", "text", required)
    .addColumn("last_seen_at", "text", required)
    .addPrimaryKeyConstraint("known_places_key", ["user_id", "place"])
    .execute();
}
