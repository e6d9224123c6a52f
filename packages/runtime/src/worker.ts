import type { Consumer, JsMsg } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";
import { openConsumer, waiting, type ConsumerOptions } from "./consumer.ts";
import { backoff_ms, pause } from "./lifecycle.ts";

/** The message is not done: it is delivered again after this time, to whoever is free. */
export interface Again {
  readonly again_in_ms: number;
}

export interface WorkOptions extends ConsumerOptions {
  readonly concurrency: number;
  /**
   * Settled: the message is done (acknowledged, and the acknowledgment confirmed), unless the answer asks for it to
   * come again. Thrown: it comes again after a pause. Deliveries count from 1. What is no JSON never gets here: it is
   * logged and dropped.
   */
  readonly handle: (payload: unknown, deliveries: number, signal: AbortSignal, subject: string) => Promise<Again | void>;
}

export interface Worker extends AsyncDisposable {
  /** Takes nothing more; returns when handlers that are running have ended by themselves. */
  drain(): Promise<void>;
}

/**
 * Takes messages one by one until disposal, which waits for handlers that are running (their signal aborts).
 * A consumer lost with the server's storage is made again.
 */
export function work(bus: Bus, options: WorkOptions): Worker {
  const closing = new AbortController(), stopping = new AbortController();
  const loops = Array.from({ length: options.concurrency }, () => loop(bus, options, closing.signal, stopping.signal));
  const drain = async (): Promise<void> => {
    closing.abort();
    await Promise.all(loops);
  };
  return {
    drain,
    [Symbol.asyncDispose]: () => {
      stopping.abort();
      return drain();
    },
  };
}

/** Until `signal`, which ends no handler: that is for `stopping`. */
async function loop(bus: Bus, options: WorkOptions, signal: AbortSignal, stopping: AbortSignal): Promise<void> {
  let consumer: Consumer | undefined;
  for (let failures = 0; !signal.aborted && !bus.nc.isClosed();) {
    try {
      consumer ??= await bus.online(() => openConsumer(bus, options));
      const message = await takeOne(bus, consumer, signal);
      if (message !== null) await handleOne(bus, message, options, stopping);
      failures = 0;
    } catch (err) {
      if (signal.aborted) return;
      consumer = undefined;
      failures++;
      waiting(bus, options, err, failures);
      await pause(backoff_ms(failures, 100, 2_000), signal);
    }
  }
}

/** One message, or null after a while without any. A stop does not leave one half taken: it ends the pull first. */
async function takeOne(bus: Bus, consumer: Consumer, signal: AbortSignal): Promise<JsMsg | null> {
  const pull = await bus.online(() => consumer.fetch({ max_messages: 1, expires: 10_000 }));
  const stop = (): void => { pull.stop(); };
  const ends = AbortSignal.any([signal, bus.line]);
  ends.addEventListener("abort", stop, { once: true });
  try {
    if (ends.aborted) stop();
    for await (const message of pull) return message;
    // A pull that ended early may mean that the consumer is gone; asking shows it.
    if (!signal.aborted) await bus.online(() => consumer.info());
    return null;
  } finally {
    ends.removeEventListener("abort", stop);
  }
}

async function handleOne(bus: Bus, message: JsMsg, options: WorkOptions, signal: AbortSignal): Promise<void> {
  const payload = parse(message);
  if (payload === undefined) {
    bus.log.error({ subject: message.subject, seq: message.seq }, "a message was dropped: it is not JSON");
    return confirm(bus, message); // acknowledged: a terminated one would not come again, but stay in the queue
  }
  const alive = setInterval(() => { if (!bus.nc.isClosed()) message.working(); }, options.ack_wait_ms / 3);
  try {
    const again = await options.handle(payload.value, message.info.deliveryCount, signal, message.subject);
    if (again !== undefined) return message.nak(Math.ceil(again.again_in_ms)); // the server takes a fraction for no pause at all
    await confirm(bus, message);
  } catch (err) {
    if (!signal.aborted) bus.log.error({ err, subject: message.subject }, "a message could not be handled, it comes again");
    if (!bus.nc.isClosed()) message.nak(signal.aborted ? 0 : Math.min(60_000, backoff_ms(message.info.deliveryCount, 500, 60_000)));
  } finally {
    clearInterval(alive);
  }
}

/** Confirmed, so that a lost acknowledgment is seen; a lost server redelivers or has lost the message as well. */
async function confirm(bus: Bus, message: JsMsg): Promise<void> {
  await bus.online(() => message.ackAck({ timeout: 5_000 })).catch((err: unknown) => bus.log.warn({ err }, "an acknowledgment was not confirmed"));
}

/** Undefined for what is not JSON. The parser's own error quotes the text, which may hold a secret: it is not passed on. */
function parse(message: JsMsg): { value: unknown } | undefined {
  try {
    return { value: message.json() };
  } catch {
    return undefined;
  }
}
