import { jobInSubject, Progress, subjects, type UiEvent } from "@safebase/contracts";
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
    this.#stack.use(core.bus.listen(subjects.allProgress, (payload, from) => {
      this.#keep(Progress.parse(payload), from).catch((err: unknown) => core.log.warn({ err }, "a progress could not be kept"));
    }));
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

  async #keep(progress: Progress, from: string): Promise<void> {
    if (await this.#believed(progress, from) === undefined) return;
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
        this.#show(progress.data, message.subject).catch((err: unknown) => this.#core.log.warn({ err }, "a progress could not be shown"));
      },
    });
    this.#stack.defer(() => subscription.unsubscribe());
  }

  async #show(progress: Progress, from: string): Promise<void> {
    const subject = await this.#believed(progress, from);
    if (subject === undefined) return;
    const { user_id, executor_group: _group, ...ids } = subject;
    const event: UiEvent = { user_id, event: "progress", data: { ...ids, ...progress } };
    this.#core.bus.broadcast(subjects.ui, event);
  }

  /** What the job is about, if the progress comes from its group: as with events, nobody else's word counts. */
  async #believed({ job_id }: Progress, from: string): Promise<Subject | undefined> {
    const [said, subject] = [jobInSubject(from), await this.#subjectOf(job_id)];
    return said?.job_id === job_id && said.group === subject?.executor_group ? subject : undefined;
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
