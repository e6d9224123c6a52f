import { z } from "zod";
import { COMPRESSIONS, Contents, ENGINE_TYPES, FORMATS, SealedConnection } from "./database.ts";
import { StorageRef } from "./storages.ts";

export const JOB_KINDS = ["backup", "restore", "verify", "check", "copy", "delete"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const TRIGGERS = ["manual", "scheduled", "catch_up", "safety"] as const;
export type Trigger = (typeof TRIGGERS)[number];

const common = {
  job_id: z.int(),
  /** When the job was made. With `job_id` it identifies the job, also across catalogs that count from 1 again. */
  created_at: z.iso.datetime(),
  group: z.string(),
  /** Only undo what an executor that died left behind, then answer `canceled`. */
  cleanup_only: z.boolean().default(false),
  /** A job past `time_s`, or without any byte moved for `stall_s`, is ended and failed. */
  limits: z.object({ time_s: z.number().positive(), stall_s: z.number().positive() }),
};

/** A number of parts, or as many as fit the database and the executor. */
export const DumpJobs = z.union([z.literal("auto"), z.int().min(1).max(16)]);
export type DumpJobs = z.infer<typeof DumpJobs>;

export const BackupCommand = z.object({
  ...common,
  kind: z.literal("backup"),
  backup_id: z.int(),
  user_id: z.int(),
  database: z.object({ id: z.int(), name: z.string() }),
  connection: SealedConnection,
  format: z.enum(FORMATS),
  compression: z.enum(COMPRESSIONS),
  /** age's, public: to whom it is encrypted; none leaves it in the clear. */
  recipients: z.array(z.string()).default([]),
  trigger: z.enum(TRIGGERS),
  /** In how many parts the data is dumped at once, where the engine can; `auto`: by the database's size and the executor's cores. */
  jobs: DumpJobs.default(1),
  /** The server's roles and tablespaces, too. */
  globals: z.boolean().default(false),
  /** One dump is written to all of them at once. */
  storages: z.array(StorageRef).min(1),
  /** The artifact's key without its endings: the same for every run of this job, so that two leave one. */
  stem: z.string(),
});
export type BackupCommand = z.infer<typeof BackupCommand>;

/** A completed backup, as the catalog knows it: a manifest that says otherwise was altered. */
export const ArtifactRef = z.object({
  backup_id: z.int(), type: z.enum(ENGINE_TYPES), stem: z.string(), sha256: z.string(), size_bytes: z.number(),
  /** Where it lies, the likeliest to be good first. */
  copies: z.array(StorageRef).min(1),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;

/** What opens encrypted artifacts: age's identities, one on a line; opens with the group's key, see runtime's secrets. */
const identities_sealed = z.string().nullable().default(null);

export const RestoreCommand = z.object({
  ...common,
  kind: z.literal("restore"),
  restore_id: z.int(),
  source: ArtifactRef,
  /** MySQL and MariaDB in place: taken just before, put back when the restore fails half-way. */
  safety: ArtifactRef.nullable(),
  identities_sealed,
  /** `connection.db_name` is the database to end up with. */
  target: z.object({ connection: SealedConnection, /** A database of that name must not exist yet. */ must_be_new: z.boolean() }),
});
export type RestoreCommand = z.infer<typeof RestoreCommand>;

/** With this every scratch database's name begins: no executor tests in, nor drops, another. */
export const SCRATCH_PREFIX = "safebase_verify_";

/** A test restore: the artifact is loaded into a database of its own, compared with what it should hold, and dropped. */
export const VerifyCommand = z.object({
  ...common,
  kind: z.literal("verify"),
  verification_id: z.int(),
  source: ArtifactRef,
  identities_sealed,
  /** What the backup held when it was made. */
  expected: Contents,
  /** `connection.db_name` is the scratch database: it must not exist yet, and is gone afterwards whatever happens. */
  target: z.object({ connection: SealedConnection }),
});
export type VerifyCommand = z.infer<typeof VerifyCommand>;

/** Every stored byte of a backup is read back, in each of its copies. Needs no database server. */
export const CheckCommand = z.object({
  ...common,
  kind: z.literal("check"),
  check_id: z.int(),
  source: ArtifactRef,
  /** Without what opens it, an encrypted one is read as far as its stored bytes. */
  identities_sealed,
});
export type CheckCommand = z.infer<typeof CheckCommand>;

/** A backup is written to one more storage, from the first copy that is as it was written. Needs no database server. */
export const CopyCommand = z.object({
  ...common,
  kind: z.literal("copy"),
  copy_id: z.int(),
  backup_id: z.int(),
  source: ArtifactRef,
  target: StorageRef,
  /** An artifact that lies there under the backup's name, and is not the backup, makes room for it. */
  replace: z.boolean(),
});
export type CopyCommand = z.infer<typeof CopyCommand>;

export const DeleteCommand = z.object({
  ...common,
  kind: z.literal("delete"),
  backup_id: z.int(),
  /** All that it was to be written to, whether it was or not. */
  storages: z.array(StorageRef).min(1),
  stem: z.string(),
});
export type DeleteCommand = z.infer<typeof DeleteCommand>;

/** The message that carries a job. */
export const Command = z.discriminatedUnion("kind", [BackupCommand, RestoreCommand, VerifyCommand, CheckCommand, CopyCommand, DeleteCommand]);
export type Command = z.infer<typeof Command>;

/** Sent to every executor: whoever runs the job ends it. */
export const CancelRequest = z.object({ job_id: z.int() });
export type CancelRequest = z.infer<typeof CancelRequest>;

/** Asked of one executor of a group, answered at once. */
export const ProbeRequest = z.object({ connection: SealedConnection });
export type ProbeRequest = z.infer<typeof ProbeRequest>;
