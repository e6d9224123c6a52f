import { STREAMS, subjects } from "@safebase/contracts";
import { backoff_ms, takeIn, type Taken } from "@safebase/runtime";
import type { Core } from "./deps.ts";
import type { Dispatcher } from "./dispatch.ts";
import { applyDues } from "./due.ts";

/** So many due events are one transaction: at midnight thousands come at once, and each commit waits for the disk. */
const BATCH = 50;

/** Takes due events as they come and applies those that have come meanwhile together; until disposal. */
export function takeDues(core: Core, dispatcher: Dispatcher): AsyncDisposable {
  const taker = new DueTaker(core, dispatcher);
  const intake = takeIn(core.bus, {
    stream: STREAMS.events, durable: "gateway-due", filter: subjects.allDue, ack_wait_ms: 30_000, batch: BATCH,
    room: () => taker.room(), take: (message) => taker.take(message),
  });
  return {
    [Symbol.asyncDispose]: async () => {
      await intake[Symbol.asyncDispose]();
      await taker.room();
    },
  };
}

class DueTaker {
  readonly #core: Core;
  readonly #dispatcher: Dispatcher;
  readonly #waiting: Taken[] = [];
  #running: Promise<void> | undefined;

  constructor(core: Core, dispatcher: Dispatcher) {
    this.#core = core;
    this.#dispatcher = dispatcher;
  }

  take(message: Taken): void {
    this.#waiting.push(message);
    this.#running ??= this.#run();
  }

  /** Until all that were taken are done with. */
  async room(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let batch = this.#waiting.splice(0, BATCH); batch.length > 0; batch = this.#waiting.splice(0, BATCH)) {
      if (await this.#apply(batch)) continue;
      for (const message of batch) if (batch.length > 1) await this.#apply([message]); // one that cannot be applied holds up no other
    }
    this.#running = undefined;
  }

  /** False when nothing was done. */
  async #apply(batch: readonly Taken[]): Promise<boolean> {
    try {
      await applyDues(this.#core, this.#dispatcher, batch.map(({ payload }) => payload));
      await Promise.all(batch.map((message) => message.done()));
      return true;
    } catch (err) {
      if (batch.length > 1) this.#core.log.warn({ err, count: batch.length }, "due events could not be applied together, they are one by one");
      for (const message of batch.length > 1 ? [] : batch) {
        this.#core.log.error({ err, subject: message.subject }, "a due event could not be applied, it comes again");
        message.again(Math.min(60_000, backoff_ms(message.deliveries, 500, 60_000)));
      }
      return false;
    }
  }
}
