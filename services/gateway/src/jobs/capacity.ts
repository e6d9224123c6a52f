import { readExecutors } from "../watch/heartbeats.ts";
import type { Core } from "./deps.ts";

/** Nothing is known of an executor that does not say how many jobs it runs at once. */
const CONCURRENCY_UNSAID = 2;
/** So many commands are out for a group of which nobody lives: whoever comes finds work. */
const LEAST = 4;
/** Executors say how they are less often than this. */
const KNOWN_FOR_MS = 2_000;

/** The executors of a group that take commands. */
export interface Capacity {
  /** So many commands may be out at once: each executor has as many again as it runs when one of those is done. */
  readonly window: number;
  /** What any other has begun is theirs soon, and takes no place meanwhile. */
  readonly executor_ids: ReadonlySet<string>;
}

/** What executors say of themselves, looked up now and then. */
export class Capacities {
  readonly #core: Pick<Core, "bus" | "now">;
  #known: Awaited<ReturnType<typeof readExecutors>> = [];
  #at_ms = Number.NEGATIVE_INFINITY;

  constructor(core: Pick<Core, "bus" | "now">) {
    this.#core = core;
  }

  async of(group: string): Promise<Capacity> {
    const now_ms = this.#core.now().getTime();
    if (Math.abs(now_ms - this.#at_ms) > KNOWN_FOR_MS) {
      this.#known = await readExecutors(this.#core.bus);
      this.#at_ms = now_ms;
    }
    const living = this.#known.flatMap(({ beat }) => (beat !== undefined && beat.group === group && beat.draining !== true ? [beat] : []));
    const concurrency = living.reduce((sum, beat) => sum + (beat.concurrency ?? CONCURRENCY_UNSAID), 0);
    return { window: Math.max(LEAST, 2 * concurrency), executor_ids: new Set(living.map(({ executor_id }) => executor_id)) };
  }
}
