import { AckPolicy, JetStreamApiCodes, JetStreamApiError, jetstreamManager, type Consumer } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";

export interface ConsumerOptions {
  readonly stream: string;
  /** Name of the shared durable consumer. */
  readonly durable: string;
  readonly filter: string;
  /** A message without a sign of life for this long is delivered again. */
  readonly ack_wait_ms: number;
  /** So many messages may be out, or wait to be delivered again, before the next are held back; -1 for any number. */
  readonly max_ack_pending?: number;
}

/** The durable consumer of that name, made when it is missing. One try. */
export async function openConsumer(bus: Bus, options: ConsumerOptions): Promise<Consumer> {
  try {
    return await bus.js.consumers.get(options.stream, options.durable);
  } catch (error) {
    const code = error instanceof JetStreamApiError ? error.code : undefined;
    if (code === JetStreamApiCodes.StreamNotFound) await bus.ensure();
    else if (code !== JetStreamApiCodes.ConsumerNotFound) throw error;
  }
  const manager = await jetstreamManager(bus.nc, { timeout: 5_000 });
  await manager.consumers.add(options.stream, {
    durable_name: options.durable, ack_policy: AckPolicy.Explicit, filter_subject: options.filter,
    ack_wait: options.ack_wait_ms * 1e6, max_deliver: -1, max_ack_pending: options.max_ack_pending ?? 1_000,
  });
  return bus.js.consumers.get(options.stream, options.durable);
}
