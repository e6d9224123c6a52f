import { AckPolicy, DeliverPolicy, jetstreamManager, type ConsumerConfig, type JsMsg } from "@nats-io/jetstream";
import type { Bus } from "./bus.ts";

/** How far a bucket was read: in which of its lives, and up to which of its writes. */
export interface Position {
  readonly created: string;
  readonly seq: number;
}

/** The last write to a key. */
export interface Write {
  readonly key: string;
  readonly revision: number;
  readonly created: Date;
  /** Null when the key was deleted. */
  readonly text: string | null;
}

export interface BucketReading {
  readonly position: Position;
  /** False when this is only what has been written since. */
  readonly whole: boolean;
  /** The oldest first, deletions among them. */
  readonly writes: readonly Write[];
  /** Of the bucket: how long ago it was made. */
  readonly age_ms: number;
}

/** Few, for what is read at once is in memory at once: five thousand took the scheduler 20 MB more. */
const BATCH = 100;
/** When what was still to come has run out meanwhile, a reading ends after so long. */
const LONGEST_PULL_MS = 2_000;

/**
 * Reads a bucket of one value for each key, or what has been written to it after `since`. It pulls: the KV client's own
 * `history`, `keys` and `watch` are pushed to, and now and then wait for ever for a last message that was replaced.
 */
export function readBucket(bus: Bus, name: string, since?: Position): Promise<BucketReading> {
  return bus.withBucket(name, async (kv) => {
    const { streamInfo: { created, state, config } } = await kv.status();
    const from = since?.created === created ? since.seq : 0;
    const writes = state.last_seq > from && state.messages > 0 ? await writesAfter(bus, config.name, `$KV.${name}.`, from) : [];
    const seq = writes.reduce((latest, { revision }) => Math.max(latest, revision), Math.max(state.last_seq, from));
    return { position: { created, seq }, whole: from === 0, writes, age_ms: Date.now() - Date.parse(created) };
  });
}

async function writesAfter(bus: Bus, stream: string, prefix: string, seq: number): Promise<Write[]> {
  const manager = await jetstreamManager(bus.nc, { timeout: 5_000, checkAPI: false });
  const where: Partial<ConsumerConfig> = seq === 0 ? { deliver_policy: DeliverPolicy.All } : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: seq + 1 };
  const { name, num_pending } = await manager.consumers.add(stream, { ...where, ack_policy: AckPolicy.None, mem_storage: true, inactive_threshold: 30 * 1e9 });
  const consumer = await bus.js.consumers.get(stream, name);
  const writes: Write[] = [];
  for (let left = num_pending; left > 0;) {
    const pull = await consumer.fetch({ max_messages: Math.min(BATCH, left), expires: LONGEST_PULL_MS });
    const before = writes.length;
    for await (const message of pull) {
      writes.push(writeOf(message, prefix));
      left = message.info.pending;
      if (left === 0) break;
    }
    if (writes.length > before) continue;
    left = (await consumer.info()).num_pending;
    if (left > 0) throw new Error(`${left} values did not come in time`); // half a reading would pass for the whole
  }
  await manager.consumers.delete(stream, name);
  return writes;
}

function writeOf(message: JsMsg, prefix: string): Write {
  const deleted = (message.headers?.get("KV-Operation") ?? "") !== "";
  return {
    key: message.subject.slice(prefix.length), revision: message.seq, created: new Date(message.time), text: deleted ? null : message.string(),
  };
}
