import { commandConsumerOf, STREAMS, subjects } from "@safebase/contracts";
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
  /** Only a gateway may make it: who is none waits until it is there. */
  readonly made_by_gateway?: boolean;
}

/** There is no such consumer yet, and it is not ours to make. */
class NotMadeYet extends Error {
  override readonly name = "NotMadeYet";
}

/** The durable consumer of that name, made when it is missing. One try. */
export async function openConsumer(bus: Bus, options: ConsumerOptions): Promise<Consumer> {
  try {
    return await bus.js.consumers.get(options.stream, options.durable);
  } catch (error) {
    const code = error instanceof JetStreamApiError ? error.code : undefined;
    if (code === JetStreamApiCodes.StreamNotFound) await bus.ensure();
    else if (code !== JetStreamApiCodes.ConsumerNotFound) throw error;
    if (options.made_by_gateway === true && bus.awaitsGateway) throw new NotMadeYet(`no gateway has made ${options.durable} yet`, { cause: error });
  }
  const manager = await jetstreamManager(bus.nc, { timeout: 5_000, checkAPI: false });
  await manager.consumers.add(options.stream, {
    durable_name: options.durable, ack_policy: AckPolicy.Explicit, filter_subject: options.filter,
    ack_wait: options.ack_wait_ms * 1e6, max_deliver: -1, max_ack_pending: options.max_ack_pending ?? 1_000,
  });
  return bus.js.consumers.get(options.stream, options.durable);
}

/** The consumer through which the executors of a group share its commands; what it says of itself is put right. */
export async function prepareQueue(bus: Bus, group: string): Promise<void> {
  const options = queueOf(bus, group);
  const { ack_wait } = await (await bus.online(() => openConsumer(bus, options))).info(true).then(({ config }) => config);
  if (ack_wait === options.ack_wait_ms * 1e6) return;
  const manager = await jetstreamManager(bus.nc, { timeout: 5_000, checkAPI: false });
  await bus.online(() => manager.consumers.update(options.stream, options.durable, { ack_wait: options.ack_wait_ms * 1e6 }));
}

/** What the executors of a group take their commands through. */
export function queueOf(bus: Bus, group: string): ConsumerOptions {
  return { stream: STREAMS.commands, durable: commandConsumerOf(group), filter: subjects.commandsOf(group), ack_wait_ms: bus.lease_ttl_ms, made_by_gateway: true };
}

/** Says why nothing is taken: what is as it should be, once and quietly. */
export function waiting(bus: Bus, { durable }: ConsumerOptions, err: unknown, failures: number): void {
  if (!(err instanceof NotMadeYet)) bus.log.warn({ err, durable }, "waiting for the queue");
  else if (failures === 1) bus.log.info({ durable }, "waiting for a gateway to make the queue");
}
