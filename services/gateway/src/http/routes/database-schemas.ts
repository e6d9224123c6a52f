import { ENGINE_TYPES, ERROR_CODES, ProbeReport, Progress, RetentionPolicy, SSL_MODES } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import { BESIDE, OVERVIEW_SORTS, STANDINGS } from "../../catalog/database-overview.ts";
import { OBJECTIVE_STATES, STATUSES } from "../../catalog/schema.ts";
import { BodyId, Group, paged, scoped, Storages, Time } from "../schemas.ts";

const PORT = "must be a whole number from 1 to 65535";
export const Port = z.union([z.number(), z.string().regex(/^\d{1,5}$/, PORT).transform(Number)], PORT)
  .pipe(z.int(PORT).min(1, PORT).max(65_535, PORT)).openapi({ type: "integer", minimum: 1, maximum: 65_535, description: "Default 5432 or 3306" });

export const Type = z.enum(ENGINE_TYPES, {
  error: ({ input }) => (typeof input === "string" ? `unsupported database type: ${input.slice(0, 60)}` : `must be ${ENGINE_TYPES.join(", ").replace(/, ([^,]*)$/, " or $1")}`),
});
export const Text = z.string().min(1).max(1024);
const Name = z.string().trim().min(1).max(200).openapi({ description: "What it is called here", example: "shop" });
const Url = z.string().min(1).max(8192).openapi({ description: "Connection string", example: "postgres://backup:secret@db.example:5432/shop?sslmode=require" });
export const Pem = z.string().max(256 * 1024).refine((text) => text.includes("-----BEGIN CERTIFICATE-----"), "must be a PEM certificate").nullable()
  .openapi({ description: "PEM of the authority to trust in verify-ca and verify-full" });

const fields = {
  type: Type, host: Text, port: Port.optional(), username: Text,
  password: z.string().max(1024).nullable().optional().openapi({ description: "Kept sealed; never comes back" }),
  db_name: Text, ssl_mode: z.enum(SSL_MODES).optional(), ssl_ca: Pem.optional(),
};

export const ExecutorGroup = Group.optional().openapi({ description: "Whose executors reach it; default: the installation's own. Groups that are not open are for admins: GET /api/executors", example: "branch" });
const Retention = RetentionPolicy.nullable().optional()
  .openapi({ description: "Of backups that no schedule with a retention of its own made. Null, and {}, keep everything", example: { daily: 7, weekly: 4, monthly: 12 } });
const EncryptionKeyId = BodyId.nullable().optional()
  .openapi({ description: "The key that its next backups are encrypted with; earlier ones still restore with theirs. Null: they are not encrypted" });
const settings = {
  executor_group: ExecutorGroup,
  retention: Retention, encryption_key_id: EncryptionKeyId,
  storages: Storages.nullable().optional().openapi({ description: "Where its backups go, by the storages' names: each is written to all of them at once. Null, the default: where the installation says", example: ["local", "offsite"] }),
};

export const CreateBody = z.union([z.strictObject({ name: Name, ...fields, ...settings }), z.strictObject({ name: Name, url: Url, ...settings })]);
export const TestBody = z.union([z.strictObject({ name: Name.optional(), ...fields, executor_group: ExecutorGroup }), z.strictObject({ name: Name.optional(), url: Url, executor_group: ExecutorGroup })]);
export const UpdateBody = z.union([z.strictObject({ name: Name, ...fields, ...settings }).partial(), z.strictObject({ name: Name.optional(), url: Url, ...settings })]);

export const DatabaseView = z.object({
  id: z.int(), user_id: z.int(), name: z.string(), type: z.enum(ENGINE_TYPES), host: z.string(), port: z.int(), username: z.string(),
  has_password: z.boolean(), db_name: z.string(), ssl_mode: z.enum(SSL_MODES), ssl_ca: z.string().nullable(), executor_group: z.string(),
  retention: RetentionPolicy.nullable(), encryption_key_id: z.int().nullable(),
  server_id: z.int().nullable().openapi({ description: "The server that it was registered with" }),
  missing_since: Time.nullable().openapi({ description: "Since then that server does not have it any more" }),
  storages: z.array(z.string()).nullable(), effective_storages: z.array(z.string()).openapi({ description: "Where its next backup goes, unless its schedule says otherwise" }), created_at: Time, updated_at: Time,
}).openapi("Database");

export const TestResult = z.discriminatedUnion("ok", [
  ProbeReport.extend({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string(), code: z.enum(ERROR_CODES), hint: z.string().optional() }),
]);

const Standing = z.enum(STANDINGS).openapi({ description: "never: there is no completed backup; else the state of its objective for backups" });
const Newest = z.object({ id: z.int(), at: Time.openapi({ description: "When it began, for its data is as old as that" }), size: z.number().nullable(), verified_at: Time.nullable(), pinned: z.boolean() }).nullable();

export const OverviewQuery = z.strictObject({
  ...scoped, ...paged, q: z.string().max(200).optional().openapi({ description: "Words that are in its name, type, host, database or owner" }), type: Type.optional(),
  state: z.enum([...STANDINGS, ...BESIDE]).optional().openapi({ description: "failed: the last backup that ended has failed; running: one waits or runs" }),
  sort: z.enum(OVERVIEW_SORTS).optional().openapi({ description: "Default: name. state: the worst first" }), order: z.enum(["asc", "desc"]).optional(),
});

export const OverviewView = z.object({
  id: z.int(), user_id: z.int(), user_email: z.string(), name: z.string(), type: z.enum(ENGINE_TYPES), host: z.string(), port: z.int(), db_name: z.string(),
  server_id: z.int().nullable(), missing_since: Time.nullable(), created_at: Time, state: Standing,
  objective: z.object({
    state: z.enum(OBJECTIVE_STATES), state_since: Time, limit_s: z.number().nullable(), due_at: Time.nullable().openapi({ description: "Until when the next backup has to be there" }),
  }),
  results: z.array(z.object({ id: z.int(), status: z.enum(STATUSES), created_at: Time })).openapi({ description: "Its last ten backups, the newest last" }),
  sizes: z.array(z.object({ at: Time, size: z.number() })).openapi({ description: "What its last thirty completed backups take, the newest last" }),
  newest: Newest.openapi({ description: "Completed, and not found damaged" }), newest_verified: Newest.openapi({ description: "Proved by a test restore as well" }),
  backups: z.int().openapi({ description: "Completed ones" }), stored_bytes: z.number(),
  schedules: z.int().openapi({ description: "Enabled ones" }), next_run_at: Time.nullable(),
  running: z.object({ id: z.int(), job_id: z.int(), status: z.enum(STATUSES), progress: Progress.nullable() }).nullable(),
}).openapi("DatabaseOverview");

export const StandingCounts = z.object({ all: z.int(), missed: z.int(), never: z.int(), at_risk: z.int(), none: z.int(), met: z.int(), failed: z.int(), running: z.int() });
