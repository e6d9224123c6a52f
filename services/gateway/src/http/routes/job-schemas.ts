import { BackupPart, CheckResult, COMPRESSIONS, Contents, COPY_STATES, DumpJobs, ENGINE_TYPES, ERROR_CODES, FORMATS, INTEGRITY_STATES, JOB_KINDS, Progress, RetentionPolicy, TRIGGERS, VerifyResult, Warning } from "@safebase/contracts";
import { z } from "@hono/zod-openapi";
import { STATUSES } from "../../catalog/schema.ts";
import { SHOWN_EVENTS } from "../../jobs/log-view.ts";
import { WAITS } from "../../jobs/waits-for.ts";
import { Time } from "../schemas.ts";

export const Status = z.enum(STATUSES);
export const EngineType = z.enum(ENGINE_TYPES, {
  error: ({ input }) => (typeof input === "string" ? `unsupported database type: ${input.slice(0, 60)}` : "must be postgresql, mysql or mariadb"),
});
export const Format = z.enum(FORMATS);
export const Compression = z.enum(COMPRESSIONS);

/** How a dump is taken. */
export const parts = {
  jobs: DumpJobs.optional().openapi({ description: "PostgreSQL: in how many parts the data is dumped and restored at once. Default: auto, several for large databases" }),
  globals: z.boolean().optional().openapi({ description: "PostgreSQL: the server's roles and tablespaces, too, in a part of their own" }),
};

const outcome = {
  status: Status, error_code: z.enum(ERROR_CODES).nullable(), error_msg: z.string().nullable(),
  error_hint: z.string().nullable().openapi({ description: "What can be done about it" }), progress: Progress.nullable(), duration_ms: z.number().nullable(),
};
const times = { created_at: Time, started_at: Time.nullable(), finished_at: Time.nullable(), updated_at: Time };

/** A job's own limits, where the configured ones do not fit. */
export const limits = { time_limit_s: z.number().positive().max(30 * 86_400).optional(), stall_limit_s: z.number().positive().max(86_400).optional() };

/** age's, given by whoever keeps it away. Not kept longer than what it is given for. */
export const Identity = z.string().min(1).max(8192).optional().openapi({
  description: "For an encrypted backup whose identity is not kept here: AGE-SECRET-KEY-1…, as in age's own files, several on a line each. Kept, sealed, only until the work is over",
});

const backup = {
  id: z.int(), user_id: z.int(), user_email: z.string().openapi({ description: "Whose it is" }), database_id: z.int(), database_name: z.string(), job_id: z.int(),
  type: z.enum(ENGINE_TYPES), format: Format, compression: Compression,
  jobs: z.union([z.literal("auto"), z.int()]).openapi({ description: "In how many parts its data was to be dumped" }), globals: z.boolean().openapi({ description: "With the server's roles and tablespaces" }),
  trigger: z.enum(TRIGGERS), schedule_id: z.int().nullable(), planned_at: Time.nullable(),
  filename: z.string().nullable(), filepath: z.string().nullable(), size: z.number().nullable(), raw_size: z.number().nullable(),
  sha256: z.string().nullable(), server: z.string().nullable(), tool: z.string().nullable(), ...outcome,
  pinned: z.boolean().openapi({ description: "Nothing removes it until it is unpinned" }), verified_at: Time.nullable().openapi({ description: "When a test restore last proved it" }),
  encrypted: z.boolean(), encryption_key_id: z.int().nullable(), recipients: z.array(z.string()).openapi({ description: "Of age, public: whose identities open it" }),
  copies: z.array(z.object({ storage: z.string(), state: z.enum(["pending", ...COPY_STATES]), detail: z.string().nullable(), checked_at: Time.nullable(),
    job: z.object({ id: z.int(), status: Status, not_before: Time }).nullable().openapi({ description: "That is to make it good" }) }))
    .openapi({ description: "Where it lies, and what is known of it there" }),
  integrity: z.object({ state: z.enum(INTEGRITY_STATES), checked_at: Time.nullable() }).openapi({ description: "What was found when its stored bytes were last read back" }), ...times,
};
export const BackupView = z.object(backup).openapi("Backup");
export const BackupDetails = z.object({
  ...backup, warnings: z.array(Warning), contents: Contents.nullable(),
  parts: z.array(BackupPart).nullable().openapi({ description: "Of an artifact in several parts: `sha256` of the backup is then that of their list" }),
  waits_for: z.enum(WAITS).nullable().openapi({ description: "What a pending one waits for: its time; a restore into the same database; the server, of which as many dumps run as may; its turn; a free executor" }),
  verification: z.object({ id: z.int(), status: Status, finished_at: Time.nullable() }).nullable().openapi({ description: "The last test restore of it" }),
}).openapi("BackupDetails");

export const RestoreView = z.object({
  id: z.int(), user_id: z.int(), backup_id: z.int(), job_id: z.int(), database_id: z.int(), database_name: z.string(), type: z.enum(ENGINE_TYPES),
  source_database_id: z.int().openapi({ description: "Whose backup it is" }), source_database_name: z.string(), backup_created_at: Time,
  target_db_name: z.string(), must_be_new: z.boolean(), replaced: z.boolean().nullable(), safety_backup_id: z.int().nullable(), safety_status: Status.nullable(),
  note: z.string().openapi({ description: "What becomes of the target if the restore fails" }), warnings: z.array(Warning),
  starts_at: Time, starts_in_s: z.number().nullable(), ...outcome, ...times,
}).openapi("Restore");

const maybe = { number: z.number().nullable(), text: z.string().nullable() };
export const RestorePlan = z.object({
  backup: z.object({
    id: z.int(), database_id: z.int(), database_name: z.string(), type: z.enum(ENGINE_TYPES), created_at: Time, size: maybe.number, raw_size: maybe.number,
    tables: maybe.number, rows: maybe.number, rows_exact: z.boolean(), server: maybe.text, tool: maybe.text, verified_at: Time.nullable(),
  }),
  target: z.object({
    database_id: z.int().openapi({ description: "The registered database on whose server it is restored" }), database_name: z.string(), host: z.string(), port: z.int(), db_name: z.string(), in_place: z.boolean(),
    exists: z.boolean().nullable().openapi({ description: "Null: nobody could look, see `obstacles`" }), server: maybe.text, size_bytes: maybe.number, tables: maybe.number,
    connections: maybe.number.openapi({ description: "Sessions in the target at the moment; null where the user may not see them" }),
  }),
  safety_backup: z.enum(["taken", "waived", "not_needed"]),
  way_back: z.enum(["nothing_replaced", "safety_backup", "none"]).openapi({ description: "How what is there now could be had again after the restore" }),
  obstacles: z.array(z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().optional() })).openapi({ description: "What a restore would be refused for, or fail with, if it were ordered now" }),
  warnings: z.array(Warning), estimate_ms: maybe.number.openapi({ description: "How long the load takes, as earlier ones did" }),
  confirm: z.string().openapi({ description: "What the order has to repeat" }),
}).openapi("RestorePlan");

export const VerificationView = z.object({
  id: z.int(), user_id: z.int(), backup_id: z.int(), job_id: z.int(), database_id: z.int(), database_name: z.string(), type: z.enum(ENGINE_TYPES),
  target_database_id: z.int().openapi({ description: "The registered database on whose server it is restored" }), target_database_name: z.string(),
  scratch_db_name: z.string().openapi({ description: "The name of the database that is made for it, and gone when it is over, begins with this" }),
  trigger: z.enum(TRIGGERS), tables: z.int().nullable().openapi({ description: "How many tables were found" }), rows: z.number().nullable(),
  /** Tables that do not hold what they held when the backup was made: none expected, or none found, is null. */
  differences: VerifyResult.shape.differences,
  warnings: z.array(Warning), ...outcome, ...times,
}).openapi("Verification");

export const CopyState = z.enum(COPY_STATES);

export const CheckView = z.object({
  id: z.int(), user_id: z.int(), backup_id: z.int(), job_id: z.int(), database_id: z.int(), database_name: z.string(), type: z.enum(ENGINE_TYPES), trigger: z.enum(TRIGGERS),
  result: CopyState.nullable().openapi({ description: "That of the best copy; a check that was completed may have found damage" }),
  copies: CheckResult.shape.copies, ...outcome, ...times,
}).openapi("Check");

const detail = z.object({
  executor_id: z.string(), not_before: Time, bytes_in: z.number(), bytes_out: z.number(), elapsed_ms: z.number(), storage: z.string(), state: z.string(),
  code: z.string(), message: z.string(), hint: z.string(), form: z.string(), part: z.string(),
}).partial();

export const LogLines = z.array(z.object({
  at: Time, event: z.enum(SHOWN_EVENTS), job_id: z.int().nullable(), kind: z.enum(JOB_KINDS).nullable(), phase: z.string().nullable(),
  run: z.int().openapi({ description: "Which run of the job, from 1: an executor that died makes another" }),
  actor: z.string().nullable(), ip: z.string().nullable(), detail,
}).openapi("LogLine"));

export const JobView = z.object({
  id: z.int(), user_id: z.int(), kind: z.enum(JOB_KINDS), status: Status, backup_id: z.int().nullable(), restore_id: z.int().nullable(), verification_id: z.int().nullable(), check_id: z.int().nullable(), copy_id: z.int().nullable(),
  attempts: z.int(), not_before: Time, after_job_id: z.int().nullable(), published_at: Time.nullable(), cancel_requested_at: Time.nullable(),
  progress: Progress.nullable(), created_at: Time, started_at: Time.nullable(), finished_at: Time.nullable(),
}).openapi("Job");

export const ScheduleView = z.object({
  id: z.int(), user_id: z.int(), database_id: z.int(), database_name: z.string(), name: z.string(), cron: z.string(), timezone: z.string(),
  enabled: z.boolean(), paused: z.boolean().openapi({ description: "All schedules are" }), format: Format.nullable(), compression: Compression.nullable(), jobs: DumpJobs, globals: z.boolean(),
  storages: z.array(z.string()).nullable().openapi({ description: "Null: what its database says" }), effective_storages: z.array(z.string()).openapi({ description: "Where its next backup goes" }),
  retention: RetentionPolicy.nullable().openapi({ description: "Null: its backups follow their database's policy" }), jitter_s: z.int(),
  verify_every: z.int().nullable(), verify_database_id: z.int().nullable(), next_run_at: Time.nullable(), next_runs: z.array(Time),
  created_at: Time, updated_at: Time,
}).openapi("Schedule");

export const ScheduleWithRuns = ScheduleView.extend({
  user_email: z.string().openapi({ description: "Whose it is" }),
  last_runs: z.array(z.object({ id: z.int(), schedule_id: z.int().nullable(), status: Status, trigger: z.enum(TRIGGERS), planned_at: Time.nullable(), created_at: Time, error_code: z.enum(ERROR_CODES).nullable() }))
    .openapi({ description: "Its last backups, the newest last" }),
  missed_at: Time.nullable().openapi({ description: "The newest planned time, when it made no backup" }),
}).openapi("ScheduleWithRuns");
