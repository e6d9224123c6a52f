import { Progress, subjects, type UiEvent } from "@safebase/contracts";
import { jobSubject, type JobSubject as Subject } from "../catalog/jobs.ts";
import type { Core } from "./deps.ts";
import type { PhaseLog } from "./phase-log.ts";

const JOBS_KEPT = 1_000;
const STALE_MS = 60_000;


/** The newest progress of every running job, in memory: it is lossy and may be. */
export class ProgressBoard implements Disposable {
  readonly #core: Core;
  readonly #phases: PhaseLog;
  readonly #newest = new Map<number, { progress: Progress; seen_at: number }>();
  readonly #subjects = new Map<number, Promise<Subject | undefined>>();
  readonly #stack = new DisposableStack();

  constructor(core: Core, phases: PhaseLog) {
    this.#core = core;
    this.#phases = phases;
    this.#stack.use(core.bus.listen(subjects.allProgress, (payload) => this.#keep(Progress.parse(payload))));
    this.#forward();
  }

  /** Where the job is, or null when it has not said so for a while. */
  of(jobId: number): Progress | null {
    const entry = this.#newest.get(jobId);
    return entry === undefined || Date.now() - entry.seen_at > STALE_MS ? null : entry.progress;
  }

  [Symbol.dispose](): void {
    this.#stack.dispose();
  }

  #keep(progress: Progress): void {
    this.#phases.note(progress);
    this.#newest.delete(progress.job_id); // to the end of the map's order: the oldest go first
    this.#newest.set(progress.job_id, { progress, seen_at: Date.now() });
    const oldest = this.#newest.keys().next().value;
    if (this.#newest.size > JOBS_KEPT && oldest !== undefined) this.#newest.delete(oldest);
  }

  /** One gateway of all turns each progress into what browsers are shown. */
  #forward(): void {
    const subscription = this.#core.bus.nc.subscribe(subjects.allProgress, {
      queue: "gateway-ui",
      callback: (error, message) => {
        if (error) return this.#core.log.warn({ err: error }, "a progress could not be read");
        const progress = Progress.safeParse(message.json());
        if (!progress.success) return;
        this.#show(progress.data).catch((err: unknown) => this.#core.log.warn({ err }, "a progress could not be shown"));
      },
    });
    this.#stack.defer(() => subscription.unsubscribe());
  }

  async #show(progress: Progress): Promise<void> {
    const subject = await this.#subjectOf(progress.job_id);
    if (subject === undefined) return;
    const { user_id, ...ids } = subject;
    const event: UiEvent = { user_id, event: "progress", data: { ...ids, ...progress } };
    this.#core.bus.broadcast(subjects.ui, event);
  }

  #subjectOf(jobId: number): Promise<Subject | undefined> {
    let known = this.#subjects.get(jobId);
    if (known === undefined) {
      if (this.#subjects.size >= JOBS_KEPT) this.#subjects.clear();
      known = jobSubject(this.#core.db, jobId);
      known.catch(() => this.#subjects.delete(jobId)); // asked again with the next progress
      this.#subjects.set(jobId, known);
    }
    return known;
  }
}
