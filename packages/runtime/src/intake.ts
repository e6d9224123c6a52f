import type { Consumer, JsMsg } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";
import { openConsumer, waiting, type ConsumerOptions } from "./consumer.ts";
import { backoff_ms, pause } from "./lifecycle.ts";

/**
 * A message of a stream that is in our hands until it is settled, its time without a sign of life has run out, or the
 * connection through which it came is lost: then it comes again, unless it is lost as well.
 */
export interface Taken {
  readonly subject: string;
  /** Undefined for what is not JSON. */
  readonly payload: unknown;
  /** Counts from 1. */
  readonly deliveries: number;
  /** Gives a sign of life. */
  working(): void;
  /** Acknowledges it, and waits for the confirmation. A lost one is logged: the message comes again. */
  done(): Promise<void>;
  /** It is delivered again after this time, to whoever asks. */
  again(in_ms: number): void;
}

export interface IntakeOptions extends ConsumerOptions {
  /** So many are asked for at a time. */
  readonly batch: number;
  /** Waited for before more is asked for. */
  readonly room: (signal: AbortSignal) => Promise<void>;
  readonly take: (message: Taken) => void;
}

/**
 * Takes messages as they come until disposal, without waiting for those before: for work that is done on several at
 * once. A consumer lost with the server's storage is made again.
 */
export function takeIn(bus: Bus, options: IntakeOptions): AsyncDisposable {
  const stopping = new AbortController();
  const loop = run(bus, options, stopping.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await loop;
    },
  };
}

async function run(bus: Bus, options: IntakeOptions, signal: AbortSignal): Promise<void> {
  let consumer: Consumer | undefined;
  for (let failures = 0; !signal.aborted && !bus.nc.isClosed();) {
    try {
      await options.room(signal);
      if (signal.aborted) return;
      consumer ??= await bus.online(() => openConsumer(bus, options));
      await pull(bus, consumer, options, signal);
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

/** One batch, or what of it comes within a while. */
async function pull(bus: Bus, consumer: Consumer, options: IntakeOptions, signal: AbortSignal): Promise<void> {
  const batch = await bus.online(() => consumer.fetch({ max_messages: options.batch, expires: 10_000 }));
  const stop = (): void => { batch.stop(); };
  const ends = AbortSignal.any([signal, bus.line]);
  ends.addEventListener("abort", stop, { once: true });
  let count = 0;
  try {
    if (ends.aborted) stop();
    for await (const message of batch) {
      count++;
      options.take(taken(bus, message));
    }
    // A pull that ended early may mean that the consumer is gone; asking shows it.
    if (count < options.batch && !signal.aborted) await bus.online(() => consumer.info());
  } finally {
    ends.removeEventListener("abort", stop);
  }
}

function taken(bus: Bus, message: JsMsg): Taken {
  // Of the server that comes back after a loss of everything, the same number may be another message: it is not answered for.
  const { line } = bus;
  const isOurs = (): boolean => !line.aborted && !bus.nc.isClosed();
  return {
    subject: message.subject, payload: parse(message), deliveries: message.info.deliveryCount,
    working: () => { if (isOurs()) message.working(); },
    done: async () => {
      if (!isOurs()) return;
      await bus.online(() => message.ackAck({ timeout: 5_000 })).catch((err: unknown) => bus.log.warn({ err }, "an acknowledgment was not confirmed"));
    },
    again: (in_ms) => { if (isOurs()) message.nak(Math.ceil(in_ms)); }, // the server takes a fraction for no pause at all
  };
}

/** The parser's own error quotes the text, which may hold a secret: it is not passed on. */
function parse(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
