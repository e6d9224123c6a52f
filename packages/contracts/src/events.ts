import { z } from "zod";
import { JOB_KINDS } from "./commands.ts";
import { Contents, ProbeReport, Warning } from "./database.ts";
import { ERROR_CODES } from "./errors.ts";

export const Failure = z.object({ code: z.enum(ERROR_CODES), message: z.string(), hint: z.string().optional() });
export type Failure = z.infer<typeof Failure>;

/** What a copy of a backup was found to be: `missing` when its manifest or its data is not there. */
export const COPY_STATES = ["good", "damaged", "missing"] as const;
export type CopyState = (typeof COPY_STATES)[number];

/** One of a backup's copies, and what was found, in a sentence. */
export const CopyFinding = z.object({ storage: z.string(), state: z.enum(COPY_STATES), detail: z.string().nullable() });
export type CopyFinding = z.infer<typeof CopyFinding>;

/** One object of an artifact that has several. */
export const BackupPart = z.object({ name: z.string(), key: z.string(), size_bytes: z.number(), sha256: z.string() });
export type BackupPart = z.infer<typeof BackupPart>;

export const BackupResult = z.object({
  kind: z.literal("backup"),
  /** Key of the data in the storage; its last segment is the file's name. */
  key: z.string(),
  size_bytes: z.number(),
  raw_size_bytes: z.number().nullable(),
  sha256: z.string(),
  /** Where there are several; `sha256` is that of their list then. */
  parts: z.array(BackupPart).nullable().default(null),
  /** age's, to whom it is encrypted. */
  recipients: z.array(z.string()).default([]),
  /** What became of it in each storage that it was to be written to; those that are not named have it. */
  copies: z.array(CopyFinding).default([]),
  server: z.string(),
  tool: z.string(), // "pg_dump 15.20"
  contents: Contents,
  warnings: z.array(Warning),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
});
export type BackupResult = z.infer<typeof BackupResult>;

/** Copies that were tried first, and are not as they were written. */
const passed_over = z.array(CopyFinding).default([]);

export const RestoreResult = z.object({
  kind: z.literal("restore"),
  db_name: z.string(),
  /** True when a database of that name was there before and has been replaced. */
  replaced: z.boolean(),
  warnings: z.array(Warning),
  passed_over,
});
export type RestoreResult = z.infer<typeof RestoreResult>;

export const VerifyResult = z.object({
  kind: z.literal("verify"),
  tables: z.int(),
  rows: z.number(),
  /** Tables that do not hold what they held when the backup was made: any makes the verification a failure. */
  differences: z.array(z.object({ table: z.string(), expected_rows: z.number().nullable(), found_rows: z.number().nullable() })),
  warnings: z.array(Warning),
  passed_over,
});
export type VerifyResult = z.infer<typeof VerifyResult>;

/** What is known of a backup's bytes. */
export const INTEGRITY_STATES = ["unchecked", ...COPY_STATES] as const;
export type IntegrityState = (typeof INTEGRITY_STATES)[number];

/** A check that came through, whatever it found. */
export const CheckResult = z.object({
  kind: z.literal("check"),
  /** All copies were judged, and are good. */
  ok: z.boolean(),
  /** Those that could be judged: of one whose storage does not answer nothing is said. */
  copies: z.array(CopyFinding).min(1),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const CopyResult = z.object({ kind: z.literal("copy"), passed_over });
export type CopyResult = z.infer<typeof CopyResult>;

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
  z.object({ ...common, type: z.literal("completed"), result: z.discriminatedUnion("kind", [BackupResult, RestoreResult, VerifyResult, CheckResult, CopyResult, DeleteResult]) }),
  z.object({ ...common, type: z.literal("failed"), failure: Failure }),
  z.object({ ...common, type: z.literal("canceled") }),
  /** The run ended because its executor was told to: another begins the job anew. */
  z.object({ ...common, type: z.literal("handed_back") }),
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

export const ProbeReply = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), report: ProbeReport }),
  z.object({ ok: z.literal(false), failure: Failure }),
]);
export type ProbeReply = z.infer<typeof ProbeReply>;

/** What browsers are shown as it happens; gateways pass it among themselves. */
export const UiEvent = z.object({
  /** Whom it is for; null for every admin. */
  user_id: z.int().nullable(),
  event: z.enum(["backup", "restore", "verification", "check", "database", "server", "schedule", "objective", "channel", "storage", "notice", "notices_seen", "notification", "progress"]),
  data: z.record(z.string(), z.unknown()),
});
export type UiEvent = z.infer<typeof UiEvent>;
