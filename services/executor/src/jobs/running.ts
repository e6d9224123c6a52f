import { SafebaseError } from "@safebase/contracts";

/** The jobs that this executor runs now, so that a cancel request finds its job. */
export class RunningJobs {
  readonly #controllers = new Map<number, AbortController>();

  get ids(): number[] {
    return [...this.#controllers.keys()];
  }

  /** A signal that aborts on cancel and with any of `others`; disposal takes the job off the list. */
  add(jobId: number, others: readonly AbortSignal[]): Disposable & { signal: AbortSignal } {
    const controller = new AbortController();
    this.#controllers.set(jobId, controller);
    return {
      signal: AbortSignal.any([controller.signal, ...others]),
      [Symbol.dispose]: () => { if (this.#controllers.get(jobId) === controller) this.#controllers.delete(jobId); },
    };
  }

  cancel(jobId: number): void {
    this.#controllers.get(jobId)?.abort(new SafebaseError("canceled", "canceled by request"));
  }
}
