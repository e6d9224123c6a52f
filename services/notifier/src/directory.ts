import { BUCKETS, SealedChannel } from "@safebase/contracts";
import { pause, readBucket, type Bus } from "@safebase/runtime";

const PREFIX = "channel.";
const SYNC_EVERY_MS = 30_000;
const SYNC_RETRY_MS = 1_000;
const SETTLE_MS = 50; // one reading for changes that come together
/** A change is told before it is stored: a reading that came too early is followed by another. */
const AGAIN_MS = 1_000;

/** What the bucket says. */
export interface Snapshot {
  readonly channels: ReadonlyMap<number, SealedChannel>;
  /** Ids whose entry was deleted: nothing is told to them any more. */
  readonly deleted: ReadonlySet<number>;
  /** What cannot be understood, with the reason, by id. */
  readonly bad: ReadonlyMap<number, unknown>;
  /** The bucket's own. */
  readonly age_ms: number;
}

async function readChannels(bus: Bus): Promise<Snapshot> {
  const { writes, age_ms } = await readBucket(bus, BUCKETS.channels);
  const channels = new Map<number, SealedChannel>();
  const deleted = new Set<number>();
  const bad = new Map<number, unknown>();
  for (const { key, text } of writes) {
    const id = Number(key.slice(PREFIX.length));
    if (text === null) deleted.add(id);
    else try {
      channels.set(id, parseChannel(id, text));
    } catch (error) {
      bad.set(id, error);
    }
  }
  return { channels, deleted, bad, age_ms };
}

function parseChannel(id: number, text: string): SealedChannel {
  const channel = SealedChannel.parse(JSON.parse(text));
  if (channel.channel_id !== id) throw new Error(`the entry is of channel ${channel.channel_id}`);
  return channel;
}

/**
 * The channels to serve after a snapshot. What cannot be understood stays as it was, and so does what a bucket younger
 * than `grace_ms` does not mention: it was made after a loss of everything in NATS, and may not be filled again yet.
 */
export function merge(known: ReadonlyMap<number, SealedChannel>, snapshot: Snapshot, grace_ms: number): Map<number, SealedChannel> {
  const young = snapshot.age_ms <= grace_ms;
  const kept = [...known].filter(([id]) => snapshot.bad.has(id) || (young && !snapshot.deleted.has(id)));
  return new Map([...kept, ...snapshot.channels]);
}

/** Reads the bucket at once, after each change, each loss of the connection, and every half a minute, until disposal. */
export function followChannels(bus: Bus, seen: (snapshot: Snapshot) => void): AsyncDisposable {
  const stop = new AbortController();
  let changed = new AbortController();
  // A plain subscription to the bucket's subjects: unlike a watcher it needs no consumer, and so survives a wipe.
  const subscription = bus.nc.subscribe(`$KV.${BUCKETS.channels}.>`, { callback: () => changed.abort() });
  const loop = async (): Promise<void> => {
    for (let isChange = false; !stop.signal.aborted; isChange = changed.signal.aborted, changed = new AbortController()) {
      let wait_ms = isChange ? AGAIN_MS : SYNC_EVERY_MS;
      try {
        seen(await readChannels(bus));
      } catch (err) {
        bus.log.debug({ err }, "the channels could not be read, trying again");
        wait_ms = SYNC_RETRY_MS;
      }
      await pause(wait_ms, AbortSignal.any([stop.signal, changed.signal, ...(bus.connected ? [bus.line] : [])]));
      await pause(SETTLE_MS, stop.signal);
    }
  };
  const running = loop();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      subscription.unsubscribe();
      await running;
    },
  };
}
