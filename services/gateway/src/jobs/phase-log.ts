import type { Progress } from "@safebase/contracts";
import { logPhase } from "../catalog/job-log.ts";
import { findJob } from "../catalog/jobs.ts";
import type { Core } from "./deps.ts";

const JOBS_KEPT = 1_000;

interface Followed { newest: Progress; began_at: string; run: Promise<number | undefined> }

/**
 * Writes each phase of a job into its log, when it begins and with its figures when it is over. Every gateway hears of
 * every progress, and writes the same line; a progress that is lost costs a figure at most.
 */
export class PhaseLog implements AsyncDisposable {
  readonly #core: Pick<Core, "db" | "log">;
  readonly #jobs = new Map<number, Followed>();

  constructor(core: Pick<Core, "db" | "log">) {
    this.#core = core;
  }

  note(progress: Progress): void {
    const known = this.#jobs.get(progress.job_id);
    if (known?.newest.phase === progress.phase) {
      known.newest = progress;
      return;
    }
    const ended = known === undefined ? Promise.resolve() : this.#finish(known);
    const run = ended.then(() => this.#write(progress, progress.at));
    this.#jobs.delete(progress.job_id);
    this.#jobs.set(progress.job_id, { newest: progress, began_at: progress.at, run });
    const oldest = this.#jobs.keys().next().value;
    if (this.#jobs.size > JOBS_KEPT && oldest !== undefined) this.#jobs.delete(oldest);
  }

  /** The job is over: its last phase gets its last figures. */
  async end(jobId: number): Promise<void> {
    const known = this.#jobs.get(jobId);
    this.#jobs.delete(jobId);
    if (known !== undefined) await this.#finish(known);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#jobs.values()].map(({ run }) => run));
  }

  async #finish({ newest, began_at, run }: Followed): Promise<void> {
    await this.#write(newest, began_at, await run);
  }

  /** Never fails: a log that lacks a phase is no reason to stop the work. Answers the run that it is of. */
  async #write({ job_id, phase, bytes_in, bytes_out, elapsed_ms }: Progress, at: string, known?: number): Promise<number | undefined> {
    try {
      const job = await findJob(this.#core.db, job_id, "all");
      if (job === undefined) return undefined;
      const run = known ?? Math.max(1, job.attempts);
      await logPhase(this.#core.db, job, { run, phase, at: new Date(at).toISOString(), detail: { bytes_in, bytes_out, elapsed_ms: Math.round(elapsed_ms) } });
      return run;
    } catch (err) {
      this.#core.log.warn({ err, job_id }, "a phase of a job could not be noted");
      return undefined;
    }
  }
}
