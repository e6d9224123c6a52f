import type { KV, KvWatchEntry } from "@nats-io/kv";
import type { Bus } from "./bus.ts";

/** How far a bucket was read: in which of its lives, and up to which of its writes. */
export interface Position {
  readonly created: string;
  readonly seq: number;
}

export interface BucketReading {
  readonly position: Position;
  /** False when this is only what has been written since. */
  readonly whole: boolean;
  /** The last write to each key, deletions among them, the oldest first. */
  readonly writes: readonly KvWatchEntry[];
}

/** Reads a bucket of one value for each key in one pass, or what has been written to it after `since`. */
export function readBucket(bus: Bus, name: string, since?: Position): Promise<BucketReading> {
  return bus.withBucket(name, async (kv) => {
    const { streamInfo: { created, state } } = await kv.status();
    const from = since?.created === created ? since.seq : 0;
    const writes = state.last_seq > from && state.messages > 0 ? await writesAfter(bus, kv, from) : [];
    return { position: { created, seq: Math.max(state.last_seq, writes.at(-1)?.revision ?? 0) }, whole: from === 0, writes };
  });
}

/** There must be one. */
async function writesAfter(bus: Bus, kv: KV, seq: number): Promise<KvWatchEntry[]> {
  const watch = await kv.watch({ key: ">", resumeFromRevision: seq + 1 });
  const stop = (): void => watch.stop();
  bus.line.addEventListener("abort", stop, { once: true });
  const writes: KvWatchEntry[] = [];
  try {
    for await (const each of watch) {
      writes.push(each);
      if (each.delta === 0) break;
    }
    return writes;
  } finally {
    bus.line.removeEventListener("abort", stop);
    watch.stop();
  }
}
