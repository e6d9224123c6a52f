import { BUCKETS, STREAMS, subjects } from "@safebase/contracts";
import { DiscardPolicy, RetentionPolicy, StorageType, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { StreamConfig } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";

/** A heartbeat without a next one runs out after so long. */
export const HEARTBEAT_TTL_MS = 30_000;
const WEEK_NS = 7 * 24 * 3600 * 1e9;
const file = { storage: StorageType.File, num_replicas: 1 };

type Stream = Partial<StreamConfig> & { name: string };

const streams: readonly Stream[] = [
  {
    ...file, name: STREAMS.commands, subjects: [subjects.allCommands], retention: RetentionPolicy.Workqueue,
    // One message for each job while it waits or is in work: publishing again is refused, so it may be repeated freely.
    max_msgs_per_subject: 1, discard: DiscardPolicy.New, discard_new_per_subject: true,
  },
  { ...file, name: STREAMS.events, subjects: [subjects.allEvents], retention: RetentionPolicy.Limits, max_age: WEEK_NS },
  {
    ...file, name: STREAMS.notifications, subjects: [subjects.allNotifications], retention: RetentionPolicy.Workqueue,
    max_msgs_per_subject: 1, discard: DiscardPolicy.New, discard_new_per_subject: true,
  },
];

/**
 * Makes the streams and buckets that are missing; may be repeated, by several services at once. NATS holds nothing
 * that cannot be had again: after a loss of everything in it this is all that is needed.
 */
export async function ensureTopology(nc: NatsConnection, leaseTtl_ms: number): Promise<void> {
  const manager = await jetstreamManager(nc, { timeout: 5_000 });
  for (const stream of streams) {
    try {
      await manager.streams.info(stream.name);
    } catch {
      await manager.streams.add(stream); // adding what another service has just added alike succeeds
    }
  }
  const kv = new Kvm(jetstream(nc, { timeout: 5_000 }));
  await kv.create(BUCKETS.leases, { ttl: leaseTtl_ms, history: 1 });
  await kv.create(BUCKETS.executors, { ttl: HEARTBEAT_TTL_MS, history: 1 });
  await kv.create(BUCKETS.heartbeats, { ttl: HEARTBEAT_TTL_MS, history: 1 });
  for (const name of [BUCKETS.schedules, BUCKETS.scheduler, BUCKETS.channels, BUCKETS.notifier]) await kv.create(name, { history: 1 });
}
