import { STREAMS, subjects } from "@safebase/contracts";
import { backoff_ms, pause, work } from "@safebase/runtime";
import { keepLinksPruned } from "../download/prune.ts";
import { keepJoinTokensPruned } from "../executors/joining/prune.ts";
import { keepNoticesPruned } from "../notices/prune.ts";
import { applyDelivery, DELIVERIES_DURABLE } from "../notifications/deliveries.ts";
import { keepObjectivesChecked } from "../objectives/start.ts";
import { Background } from "./background.ts";
import type { Core } from "./deps.ts";
import { Dispatcher } from "./dispatch.ts";
import { applyEvent } from "./events.ts";
import { PhaseLog } from "./phase-log.ts";
import { ProgressBoard } from "./progress.ts";
import { EVENTS_DURABLE, reconcile } from "./reconcile.ts";
import { takeDues } from "./take-dues.ts";
import { takeTicks } from "./ticks.ts";

/** A message that got lost on its way to us, as when a pull ends in that moment, comes again after so long. */
const ACK_WAIT_MS = 10_000;

/** The part of the gateway that works without being asked; until disposal. */
export interface Jobs extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  readonly progress: ProgressBoard;
  readonly background: Background;
}

/** Starts the outbox, the consumers of events, deliveries and due times, and the reconciliation, which runs at once. */
export function startJobs(core: Core): Jobs {
  const stack = new AsyncDisposableStack();
  const phases = stack.use(new PhaseLog(core));
  const progress = stack.use(new ProgressBoard(core, phases));
  const dispatcher = stack.use(new Dispatcher(core));
  const consumer = { stream: STREAMS.events, concurrency: 1, ack_wait_ms: ACK_WAIT_MS };
  const workers = [
    work(core.bus, {
      ...consumer, stream: STREAMS.job_events, durable: EVENTS_DURABLE, filter: subjects.allJobEvents,
      handle: (payload, _deliveries, _signal, subject) => applyEvent(core, dispatcher, phases, payload, subject),
    }),
    takeDues(core, dispatcher),
    work(core.bus, { ...consumer, durable: DELIVERIES_DURABLE, filter: subjects.allDeliveries, handle: (payload) => applyDelivery(core, payload) }),
    ...takeTicks(core, dispatcher),
    keepReconciled(core, dispatcher), keepNoticesPruned(core), keepLinksPruned(core), keepJoinTokensPruned(core), keepObjectivesChecked(core, dispatcher),
  ];
  // All at once: one after the other, each would wait for what it has in hand only when the one before has ended.
  stack.defer(async () => void await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]())));
  const background = stack.use(new Background(core.log));
  return { dispatcher, progress, background, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Executors get so much time to come back after NATS and to take the leases of what they run. */
const RETURN_MS = 2_000;

/** At the start, every `reconcile_s`, and when NATS comes back, perhaps empty. */
function keepReconciled(core: Core, dispatcher: Dispatcher): AsyncDisposable {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    let line = core.bus.line;
    for (let failures = 0; !stopping.signal.aborted;) {
      if (!core.bus.connected) {
        await pause(250, stopping.signal);
        continue;
      }
      if (line !== core.bus.line) await pause(RETURN_MS, stopping.signal);
      line = core.bus.line;
      const done = await reconcile(core, dispatcher, stopping.signal).catch((err: unknown) => {
        if (!stopping.signal.aborted) core.log.warn({ err }, "the reconciliation did not come through, it is tried again");
        return false;
      });
      failures = done ? 0 : failures + 1;
      await pause(done ? core.config.reconcile_s * 1000 : backoff_ms(failures, 250, 5_000), AbortSignal.any([stopping.signal, line]));
    }
  };
  const running = loop();
  return { [Symbol.asyncDispose]: () => { stopping.abort(); return running; } };
}
