import { STREAMS, subjects } from "@safebase/contracts";
import { backoff_ms, pause, work } from "@safebase/runtime";
import type { Core } from "./deps.ts";
import { Dispatcher } from "./dispatch.ts";
import { applyDue } from "./due.ts";
import { applyEvent } from "./events.ts";
import { ProgressBoard } from "./progress.ts";
import { EVENTS_DURABLE, reconcile } from "./reconcile.ts";

/** The part of the gateway that works without being asked; until disposal. */
export interface Jobs extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  readonly progress: ProgressBoard;
}

/** Starts the outbox, the consumers of events and due times, and the reconciliation, which runs at once. */
export function startJobs(core: Core): Jobs {
  const stack = new AsyncDisposableStack();
  const progress = stack.use(new ProgressBoard(core));
  const dispatcher = stack.use(new Dispatcher(core));
  const consumer = { stream: STREAMS.events, concurrency: 1, ack_wait_ms: 30_000 };
  stack.use(work(core.bus, {
    ...consumer, durable: EVENTS_DURABLE, filter: subjects.allJobEvents, handle: (payload) => applyEvent(core, dispatcher, payload),
  }));
  stack.use(work(core.bus, {
    ...consumer, durable: "gateway-due", filter: subjects.allDue, handle: (payload) => applyDue(core, dispatcher, payload),
  }));
  stack.use(keepReconciled(core, dispatcher));
  return { dispatcher, progress, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** At the start, every `reconcile_s`, and when NATS comes back, perhaps empty. */
function keepReconciled(core: Core, dispatcher: Dispatcher): AsyncDisposable {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      const line = core.bus.line;
      let done = false;
      try {
        done = await reconcile(core, dispatcher, stopping.signal);
        failures = 0;
      } catch (err) {
        failures++;
        if (!stopping.signal.aborted) core.log.warn({ err }, "the reconciliation did not come through, it is tried again");
      }
      const wait_ms = done ? core.config.reconcile_s * 1000 : backoff_ms(Math.max(1, failures), 250, 10_000);
      await pause(wait_ms, AbortSignal.any([stopping.signal, line]));
      if (line.aborted) await pause(backoff_ms(1, 250, 250), stopping.signal);
    }
  };
  const running = loop();
  return { [Symbol.asyncDispose]: () => { stopping.abort(); return running; } };
}
