import { z } from "@hono/zod-openapi";
import { ENGINE_TYPES, ERROR_CODES, RetentionPolicy, SSL_MODES } from "@safebase/contracts";
import { LEFT_BECAUSE } from "../../servers/choose.ts";
import { BodyId, Storages, Time } from "../schemas.ts";
import { DatabaseView, ExecutorGroup, Pem, Port, Text, Type } from "./database-schemas.ts";
import { Compression, Format } from "./job-schemas.ts";
import { cron, settings as scheduleSettings } from "./schedules.ts";

const Name = z.string().trim().min(1).max(120).openapi({ description: "What it is called here; its databases are called <name>/<database>", example: "db-1" });
const Url = z.string().min(1).max(8192).openapi({ description: "Connection string without a database", example: "postgres://backup:secret@db.example:5432?sslmode=require" });
const Patterns = z.array(z.string().min(1).max(200)).max(200);

const place = {
  host: Text, port: Port.optional(), username: Text, password: z.string().max(1024).nullable().optional().openapi({ description: "Kept sealed; never comes back" }),
  ssl_mode: z.enum(SSL_MODES).optional(), ssl_ca: Pem.optional(),
};
const patterns = {
  include: Patterns.optional().openapi({ description: "Databases to follow: * is any text, ? any sign, \\ takes the next sign as it is. The server's own ones are taken only where they are named without wildcards", example: ["app_*"] }),
  exclude: Patterns.optional().openapi({ description: "Of these the ones to leave", example: ["*_test"] }),
};
const { name: _, enabled: __, ...scheduleOptions } = scheduleSettings;
const settings = {
  executor_group: ExecutorGroup,
  ...patterns,
  retention: RetentionPolicy.nullable().optional().openapi({ description: "Of new databases, as their own retention" }),
  encryption_key_id: BodyId.nullable().optional().openapi({ description: "The key that backups of new databases are encrypted with" }),
  storages: Storages.nullable().optional().openapi({ description: "Where backups of new databases go; null: where the installation says" }),
  schedule: z.strictObject({ cron, ...scheduleOptions }).nullable().optional()
    .openapi({ description: "Each new database gets such a schedule. Unless jitter_s says otherwise, they begin within a quarter of an hour" }),
};

export const CreateBody = z.union([z.strictObject({ name: Name, type: Type, ...place, ...settings }), z.strictObject({ name: Name, url: Url, ...settings })]);
export const TestBody = z.union([z.strictObject({ name: Name.optional(), type: Type, ...place, ...patterns, executor_group: ExecutorGroup }), z.strictObject({ name: Name.optional(), url: Url, ...patterns, executor_group: ExecutorGroup })]);
const left_out = z.array(z.string().max(200)).max(10_000).optional().openapi({ description: "Databases that were unregistered by hand and are not taken again; what is left out of this list is" });
export const TestKnownBody = z.strictObject({ ...patterns, left_out });
export const UpdateBody = z.union([z.strictObject({ name: Name, ...place, ...settings, left_out }).partial(), z.strictObject({ name: Name.optional(), url: Url, ...settings, left_out })]);

const Schedule = z.object({
  cron: z.string(), timezone: z.string(), jitter_s: z.int(), format: Format.nullable().optional(), compression: Compression.nullable().optional(), storages: z.array(z.string()).readonly().nullable().optional(),
  retention: RetentionPolicy.nullable().optional(), verify_every: z.int().nullable().optional(), verify_database_id: z.int().nullable().optional(),
});

const LastSync = z.object({
  at: Time, succeeded_at: Time.nullable(), found: z.int().openapi({ description: "Databases on the server, when it last answered" }), added: z.int().openapi({ description: "Those of them that were new and registered" }),
  closed: z.array(z.string()).openapi({ description: "Wanted, but the user may not connect to them" }),
  problem: z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().optional() }).nullable(),
});

export const ServerView = z.object({
  id: z.int(), user_id: z.int(), name: z.string(), type: z.enum(ENGINE_TYPES), host: z.string(), port: z.int(), username: z.string(), has_password: z.boolean(),
  ssl_mode: z.enum(SSL_MODES), ssl_ca: z.string().nullable(), executor_group: z.string(), include: z.array(z.string()), exclude: z.array(z.string()), left_out: z.array(z.string()),
  retention: RetentionPolicy.nullable(), encryption_key_id: z.int().nullable(), storages: z.array(z.string()).nullable(), schedule: Schedule.nullable(),
  database_count: z.int().openapi({ description: "Registered databases" }), missing_count: z.int().openapi({ description: "Those of them that the server does not have any more" }),
  last_sync: LastSync.nullable(), created_at: Time, updated_at: Time,
}).openapi("Server");

export const ServerDetails = z.object({ server: ServerView, databases: z.array(DatabaseView) });

export const TestResult = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true), server: z.string(), server_version: z.string(),
    databases: z.array(z.object({ name: z.string(), size_bytes: z.number().nullable(), taken: z.boolean(), left_because: z.enum(LEFT_BECAUSE).nullable() })),
  }),
  z.object({ ok: z.literal(false), error: z.string(), code: z.enum(ERROR_CODES), hint: z.string().optional() }),
]);
