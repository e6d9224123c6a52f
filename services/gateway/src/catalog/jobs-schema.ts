import type { JobKind } from "@safebase/contracts";
import type { Generated } from "kysely";
import type { Status } from "./schema.ts";

/** Work for an executor, and the outbox: a job that is not final is published again until it is. */
export interface JobsTable {
  id: Generated<number>;
  user_id: number;
  kind: JobKind;
  status: Status;
  backup_id: number | null;
  restore_id: number | null;
  verification_id: Generated<number | null>;
  check_id: Generated<number | null>;
  copy_id: Generated<number | null>;
  executor_group: string;
  time_limit_s: number;
  stall_limit_s: number;
  /** Not published before: a restore's delay. */
  not_before: string;
  /** 1: goes before all that are not, whoever they are of. */
  urgent: Generated<number>;
  /** Jobs of one user take their turns in this order. */
  turn_at: Generated<string>;
  /** Not published before this job is final: a restore's safety backup. */
  after_job_id: number | null;
  /** What opens the artifacts that it reads, only while it is open. */
  identities_sealed: Generated<string | null>;
  published_at: string | null;
  cancel_requested_at: string | null;
  /** Runs that began, told apart by run_id. */
  attempts: number;
  /** Of these, those whose executor was told to stop, and said so. */
  handed_back: Generated<number>;
  /** Set when the job is given up: the runs that died in it. Later ones only clear up after them. */
  gave_up_after: number | null;
  run_id: string | null;
  executor_id: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}
