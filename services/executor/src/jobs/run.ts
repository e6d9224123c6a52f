import type { Connection, SealedConnection, StorageRef } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import type { Log } from "@safebase/runtime";
import type { EngineContext } from "../engines/engine.ts";
import type { ProgressUpdate } from "./progress.ts";

/** One execution of a job: what its steps are given to work with. */
export interface Run {
  readonly run_id: string;
  readonly log: Log;
  /** Aborts when the job is canceled, its lease is lost or the executor stops; the reason is a SafebaseError. */
  readonly signal: AbortSignal;
  readonly engine: EngineContext;
  /** See config.ts. */
  readonly parallel_threshold_bytes: number;
  /** So much may wait on disk for each storage that is behind others. */
  readonly spool_bytes: number;
  storage(ref: StorageRef): Promise<Storage>;
  open(connection: SealedConnection): Connection;
  /** age's identities of a command. */
  identities(command: { readonly identities_sealed: string | null }): string[];
  /** Returns when the lease is ours right now; before every step that others will see. */
  confirmLease(): Promise<void>;
  /** The same run for undoing: a cancel or a stop does not end it, only the loss of the lease. */
  calm(): Run;
  progress(update: ProgressUpdate): void;
}

/** How a job ended well: what to tell, and what may only be tidied once that is on record. */
export interface Outcome<Result> {
  readonly result: Result;
  finish?(): Promise<void>;
}
