import { z } from "zod";
import { JOB_KINDS, TRIGGERS } from "./commands.ts";
import { ProbeReport, Warning } from "./database.ts";
import { ERROR_CODES } from "./errors.ts";

export const Failure = z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().optional() });
export type Failure = z.infer<typeof Failure>;

export const Contents = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number(), exact: z.boolean() })),
});
export type Contents = z.infer<typeof Contents>;

export const BackupResult = z.object({
  kind: z.literal("backup"),
  /** Key of the data in the storage; its last segment is the file's name. */
  key: z.string(),
  size_bytes: z.number(),
  raw_size_bytes: z.number().nullable(),
  sha256: z.string(),
  server: z.string(),
  tool: z.string(), // "pg_dump 15.20"
  contents: Contents,
  warnings: z.array(Warning),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
});
export type BackupResult = z.infer<typeof BackupResult>;

export const RestoreResult = z.object({
  kind: z.literal("restore"),
  db_name: z.string(),
  /** True when a database of that name was there before and has been replaced. */
  replaced: z.boolean(),
  warnings: z.array(Warning),
});
export type RestoreResult = z.infer<typeof RestoreResult>;

export const DeleteResult = z.object({ kind: z.literal("delete") });
export type DeleteResult = z.infer<typeof DeleteResult>;

const common = {
  job_id: z.int(),
  kind: z.enum(JOB_KINDS),
  /** One execution of the job: a redelivered one has another. */
  run_id: z.string(),
  executor_id: z.string(),
  at: z.iso.datetime(),
};

/** What happened to a job. `completed`, `failed` and `canceled` are final. */
export const JobEvent = z.discriminatedUnion("type", [
  z.object({ ...common, type: z.literal("started") }),
  z.object({ ...common, type: z.literal("completed"), result: z.discriminatedUnion("kind", [BackupResult, RestoreResult, DeleteResult]) }),
  z.object({ ...common, type: z.literal("failed"), failure: Failure }),
  z.object({ ...common, type: z.literal("canceled") }),
]);
export type JobEvent = z.infer<typeof JobEvent>;

/** Where a running job is. Lossy on purpose: only the newest matters. */
export const Progress = z.object({
  job_id: z.int(),
  kind: z.enum(JOB_KINDS),
  phase: z.string(), // "dump", "check", "load", "swap"
  bytes_in: z.number(), // raw bytes of the dump for a backup, stored bytes for a restore
  bytes_out: z.number(),
  total_bytes: z.number().nullable(), // of what bytes_in counts, when known (a guess for a dump)
  rate_bytes_per_s: z.number(),
  elapsed_ms: z.number(),
  at: z.iso.datetime(),
});
export type Progress = z.infer<typeof Progress>;

/** A schedule's time has come. Schedule and planned time identify it: seen twice, it runs once. */
export const Due = z.object({
  schedule_id: z.int(), planned_at: z.iso.datetime(), emitted_at: z.iso.datetime(), trigger: z.enum(TRIGGERS),
});
export type Due = z.infer<typeof Due>;

/** What the scheduler needs of a schedule: one value of the KV bucket, keyed by its id. */
export const ScheduleEntry = z.object({ schedule_id: z.int(), cron: z.string(), timezone: z.string() });
export type ScheduleEntry = z.infer<typeof ScheduleEntry>;

export const ProbeReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), report: ProbeReport }),
  z.object({ ok: z.literal(false), failure: Failure }),
]);
export type ProbeReply = z.infer<typeof ProbeReply>;

export const NOTICE_KINDS = ["backup_completed", "backup_failed", "restore_completed", "restore_failed"] as const;

/** What people may want to be told: an outcome as the catalog recorded it, with names instead of ids. */
export const Notice = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  at: z.iso.datetime(),
  user_email: z.string(),
  database: z.object({ id: z.int(), name: z.string(), type: z.string() }),
  backup_id: z.int().nullable(),
  restore_id: z.int().nullable(),
  trigger: z.enum(TRIGGERS).nullable(),
  size_bytes: z.number().nullable(),
  duration_ms: z.number().nullable(),
  error: Failure.nullable(),
});
export type Notice = z.infer<typeof Notice>;

/** What browsers are shown as it happens; gateways pass it among themselves. */
export const UiEvent = z.object({
  user_id: z.int(),
  event: z.enum(["backup", "restore", "database", "schedule", "progress"]),
  data: z.record(z.string(), z.unknown()),
});
export type UiEvent = z.infer<typeof UiEvent>;

/** An executor says this of itself every few seconds. */
export const ExecutorHeartbeat = z.object({
  executor_id: z.string(),
  group: z.string(),
  version: z.string(),
  clients: z.array(z.object({ name: z.string(), version: z.string() })),
  running_jobs: z.array(z.int()),
  at: z.iso.datetime(),
});
export type ExecutorHeartbeat = z.infer<typeof ExecutorHeartbeat>;
