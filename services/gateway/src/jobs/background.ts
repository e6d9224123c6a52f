import type { Log } from "@safebase/runtime";

/** Work that goes on after its request was answered, in this process. It is aborted, and waited for, when the gateway stops. */
export class Background implements AsyncDisposable {
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** `act` records by itself how it ended. */
  run(name: string, act: (signal: AbortSignal) => Promise<void>): void {
    const running = act(this.#stopping.signal)
      .catch((err: unknown) => { this.#log.error({ err }, `${name} could not be recorded`); })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }
}
