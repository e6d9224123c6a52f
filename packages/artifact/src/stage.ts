import { SafebaseError } from "@safebase/contracts";
import type { ErrorCode } from "@safebase/contracts";
import { basename } from "node:path";

/** One native process of a pipeline, reading stdin and writing stdout. */
export type Stage = {
  /** A name to look up in the usual folders, or an absolute path. */
  program: string;
  args: readonly string[];
  /** Added to a minimal environment; ours is not inherited, for it may hold secrets. */
  env?: Readonly<Record<string, string>>;
  /** For the process alone, which reads it from /dev/fd/3: in no argument, no environment and no file that has a name. */
  secret?: string;
  /** The Debian package that brings the program, for the hint when it is missing. */
  package?: string;
  /**
   * Gathers what it writes into pieces of 64 KiB, as large as a pipe, by coreutils' stdbuf where that is there. Dump
   * clients write 4 KiB at a time, and each write wakes whoever reads: a sixth of a dump's time on two cores.
   */
  buffer_output?: boolean;
  /** Which of its sides carries the raw dump, for counting. */
  raw_side?: "read" | "written";
  /** Finds what the process said about the raw dump on stderr. */
  rawReport?: (stderr: string) => RawReport | undefined;
  /** The code of the error when this stage is the one that failed. */
  failure_code?: ErrorCode;
};

/** What is known of the raw dump that went by: its exact size, perhaps its last bytes. */
export type RawReport = { size_bytes: number; tail?: Buffer };

/**
 * How one process ended, `program` being its stage's, and the last of what it wrote to stderr: 64 KiB at most, lines
 * cut at 500 characters.
 */
export type StageReport = { program: string; exit_code: number | null; signal: string | null; stderr: string };

/**
 * A pipeline that failed because one of its processes did. The sentence quotes nothing of stderr, where clients print
 * whole statements with the data in them: whoever knows the program interprets `failed.stderr`.
 */
export class StageFailure extends SafebaseError {
  readonly failed: StageReport;
  readonly stages: readonly StageReport[];

  constructor(code: ErrorCode, failed: StageReport, stages: readonly StageReport[]) {
    const how = failed.signal === null ? `ended with exit code ${failed.exit_code}` : `was ended by ${failed.signal}`;
    super(code, `${basename(failed.program)} ${how}`, { cause: new Error(failed.stderr.slice(-2000)) });
    this.failed = failed;
    this.stages = stages;
  }
}
