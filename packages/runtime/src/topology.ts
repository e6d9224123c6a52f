import { BUCKETS, STREAMS, streamOf, subjects } from "@safebase/contracts";
import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Log } from "./log.ts";

/** A heartbeat without a next one runs out after so long. */
export const HEARTBEAT_TTL_MS = 30_000;
const WEEK_MS = 7 * 24 * 3600 * 1000;
const DUPLICATES_MS = 120_000;
const MIB = 1024 * 1024;
/** Of a version before the first release. */
const RETIRED = ["SAFEBASE_NOTICES"];

type Stream = Partial<StreamConfig> & { name: string };

export interface TopologyOptions {
  readonly lease_ttl_ms: number;
  /** On so many servers each stream and bucket lies. */
  readonly replicas: number;
  readonly log: Log;
}

/** What messages wait in. NATS sets aside `max_bytes` of its store for each: few, for it refuses what it cannot hold. */
function streamsOf(replicas: number): Stream[] {
  const common = { storage: StorageType.File, num_replicas: replicas, duplicate_window: DUPLICATES_MS * 1e6 };
  // One message for each job while it waits or is in work: publishing again is refused, so it may be repeated freely.
  const queue = { ...common, retention: RetentionPolicy.Workqueue, max_msgs_per_subject: 1, discard: DiscardPolicy.New, discard_new_per_subject: true };
  const log = { ...common, retention: RetentionPolicy.Limits, max_age: WEEK_MS * 1e6, max_bytes: 256 * MIB, discard: DiscardPolicy.Old };
  return [
    { ...queue, name: STREAMS.commands, subjects: [subjects.allCommands], max_bytes: 256 * MIB },
    { ...log, name: STREAMS.events, subjects: [subjects.allDue, subjects.allTicks, subjects.allDeliveries] },
    // Apart from the others: a repeated message id is dropped by its stream, and executors may not have a due time dropped.
    { ...log, name: STREAMS.job_events, subjects: [subjects.allJobEvents] },
    { ...queue, name: STREAMS.notifications, subjects: [subjects.allNotifications], max_bytes: 128 * MIB },
  ];
}

/** Buckets as their streams. The leases come last: who sees them knows that all else is there. */
function bucketsOf({ lease_ttl_ms, replicas }: TopologyOptions): Stream[] {
  const bucket = (name: string, mib: number, ttl_ms = 0): Stream => ({
    name: streamOf(name), subjects: [`$KV.${name}.>`], storage: StorageType.File, num_replicas: replicas, retention: RetentionPolicy.Limits,
    max_msgs_per_subject: 1, discard: DiscardPolicy.New, max_bytes: mib * MIB, max_age: ttl_ms * 1e6,
    duplicate_window: (ttl_ms === 0 ? DUPLICATES_MS : Math.min(DUPLICATES_MS, ttl_ms)) * 1e6,
    allow_rollup_hdrs: false, // with them, who may write one key could have all others removed
    allow_direct: false, // a follower's answer may be old
  });
  return [
    bucket(BUCKETS.executors, 16, HEARTBEAT_TTL_MS), bucket(BUCKETS.heartbeats, 16, HEARTBEAT_TTL_MS), bucket(BUCKETS.schedules, 128),
    bucket(BUCKETS.scheduler, 1), bucket(BUCKETS.channels, 32), bucket(BUCKETS.notifier, 1), bucket(BUCKETS.leases, 16, lease_ttl_ms),
  ];
}

/**
 * Makes the streams and buckets that are missing; may be repeated, by several gateways at once. NATS holds nothing
 * that cannot be had again: after a loss of everything in it this is all that is needed.
 */
export async function ensureTopology(nc: NatsConnection, options: TopologyOptions): Promise<void> {
  const manager = await jetstreamManager(nc, { timeout: 5_000, checkAPI: false });
  for (const stream of wanted(options)) if (await find(manager, stream.name) === undefined) await add(manager, stream, nc);
}

/**
 * The same, and changes those that an older version or other settings made, with all that is in them. What NATS refuses
 * to change stays as it was, which the log says.
 */
export async function updateTopology(nc: NatsConnection, options: TopologyOptions): Promise<void> {
  const manager = await jetstreamManager(nc, { timeout: 5_000, checkAPI: false });
  for (const stream of wanted(options)) {
    const found = await find(manager, stream.name);
    if (found === undefined) await add(manager, stream, nc);
    else await update(manager, found, stream, nc, options.log);
  }
  for (const name of RETIRED) if (await find(manager, name) !== undefined) await manager.streams.delete(name);
}

/** Has a gateway made them? */
export async function isTopologyThere(nc: NatsConnection): Promise<boolean> {
  const manager = await jetstreamManager(nc, { timeout: 5_000, checkAPI: false });
  return await find(manager, streamOf(BUCKETS.leases)) !== undefined;
}

function wanted(options: TopologyOptions): Stream[] {
  return [...streamsOf(options.replicas), ...bucketsOf(options)];
}

async function find(manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
}

async function add(manager: JetStreamManager, stream: Stream, nc: NatsConnection): Promise<void> {
  try {
    requireCluster(stream, nc);
    await manager.streams.add(stream); // adding what another gateway has just added alike succeeds
  } catch (cause) {
    throw new Error(refusal("make", stream, cause), { cause });
  }
}

async function update(manager: JetStreamManager, found: StreamConfig, stream: Stream, nc: NatsConnection, log: Log): Promise<void> {
  const settings = Object.keys(stream).filter((key) => !isAlike(found[key as keyof StreamConfig], stream[key as keyof StreamConfig]));
  if (settings.length === 0) return;
  try {
    requireCluster(stream, nc);
    await manager.streams.update(stream.name, { ...found, ...stream });
    log.info({ stream: stream.name, settings }, "changed a stream of NATS");
  } catch (err) {
    log.error({ err, settings }, refusal("change", stream, err));
  }
}

/** One server alone takes such a change, and does nothing about it. */
function requireCluster({ num_replicas = 1 }: Stream, { info }: NatsConnection): void {
  if (num_replicas > 1 && info?.cluster === undefined) throw new Error("it is one server, and no cluster");
}

function isAlike(have: unknown, want: unknown): boolean {
  return JSON.stringify(have ?? false) === JSON.stringify(want ?? false); // NATS leaves out what is false
}

function refusal(what: "make" | "change", { name, num_replicas = 1, max_bytes = 0 }: Stream, cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  const stays = what === "change" ? "; it stays as it was" : "";
  return `NATS refuses to ${what} ${name}${stays}: ${why} (SAFEBASE_NATS_REPLICAS is ${num_replicas}, which takes as many servers in a cluster, each with room for ${max_bytes / MIB} MiB of it)`;
}
