import { BUCKETS, STREAMS, streamOf, subjects } from "./subjects.ts";

/** Who logs in to NATS. */
export type NatsRole = { readonly service: "gateway" | "scheduler" | "notifier" } | { readonly service: "executor"; readonly group: string };

/** What a role may publish and subscribe to; all else NATS refuses. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const api = "$JS.API";

/** The bucket that is made last: who sees it knows that a gateway has made all of them. */
const LOOKS = `${api}.STREAM.INFO.${streamOf(BUCKETS.leases)}`;

/** The name of a role at NATS, and of its credentials. */
export function natsUserOf(role: NatsRole): string {
  return role.service === "executor" ? `executor-${role.group}` : role.service;
}

/** Under it a role gets its answers, which nobody else may read. */
export function inboxPrefixOf(user: string): string {
  return `_INBOX_${user}`;
}

/** The durable consumer through which the executors of a group share its commands. Only a gateway may make it. */
export function commandConsumerOf(group: string): string {
  return `executor-${group}`;
}

/**
 * The least that each role needs. Nobody but the gateway makes or changes a stream or bucket. An executor makes no
 * consumer either: where a consumer delivers is its maker's choice, and could be a subject that the maker may not use.
 */
export function permissionsOf(role: NatsRole): NatsPermissions {
  const { publish, subscribe } = role.service === "executor" ? ofExecutor(role.group) : SERVICES[role.service];
  return { publish, subscribe: [`${inboxPrefixOf(natsUserOf(role))}.>`, ...subscribe] };
}

const SERVICES: Readonly<Record<"gateway" | "scheduler" | "notifier", NatsPermissions>> = {
  gateway: {
    // Named one by one they would make credentials longer than nats-server takes; the account holds nothing that is not SafeBase's.
    publish: ["safebase.>", "$KV.>", `${api}.>`, "$JS.ACK.>"],
    subscribe: ["safebase.>"],
  },
  scheduler: {
    publish: [
      subjects.allDue, subjects.allTicks, `$KV.${BUCKETS.heartbeats}.scheduler.>`,
      writes(BUCKETS.scheduler), getsKeys(BUCKETS.scheduler), LOOKS, ...readsThrough(streamOf(BUCKETS.schedules)),
    ],
    subscribe: [writes(BUCKETS.schedules)],
  },
  notifier: {
    publish: [
      subjects.allDeliveries, subjects.allNotifications, `$KV.${BUCKETS.heartbeats}.notifier.>`,
      writes(BUCKETS.notifier), getsKeys(BUCKETS.notifier), `${api}.STREAM.MSG.GET.${STREAMS.events}`, LOOKS,
      ...readsThrough(streamOf(BUCKETS.channels)), ...readsThrough(STREAMS.notifications), `${api}.CONSUMER.DURABLE.CREATE.${STREAMS.notifications}.*`, `$JS.ACK.${STREAMS.notifications}.>`,
    ],
    subscribe: [subjects.channelTest, writes(BUCKETS.channels), `$KV.${BUCKETS.heartbeats}.gateway.>`],
  },
};

function ofExecutor(group: string): NatsPermissions {
  const consumer = `${STREAMS.commands}.${commandConsumerOf(group)}`;
  return {
    publish: [
      `safebase.event.job.${group}.>`, `safebase.progress.${group}.*`, `$KV.${BUCKETS.leases}.${group}.>`, `$KV.${BUCKETS.executors}.${group}.*`,
      `${api}.CONSUMER.INFO.${consumer}`, `${api}.CONSUMER.MSG.NEXT.${consumer}`, `$JS.ACK.${consumer}.>`,
      // Leases of all groups are read before what an interrupted job left is swept: several may write to one storage.
      LOOKS, getsKeys(BUCKETS.leases),
    ],
    subscribe: [
      subjects.probe(group), subjects.databases(group), subjects.storageTest(group), subjects.storageReport(group), subjects.sweep(group), subjects.cancel,
    ],
  };
}

function writes(bucket: string): string {
  return `$KV.${bucket}.>`;
}

function getsKeys(bucket: string): string {
  return `${api}.STREAM.MSG.GET.${streamOf(bucket)}`;
}

/** Reads a whole stream through consumers of its own. */
function readsThrough(stream: string): string[] {
  return [
    `${api}.STREAM.INFO.${stream}`, `${api}.CONSUMER.CREATE.${stream}`, `${api}.CONSUMER.CREATE.${stream}.>`, `${api}.CONSUMER.INFO.${stream}.*`,
    `${api}.CONSUMER.MSG.NEXT.${stream}.*`, `${api}.CONSUMER.DELETE.${stream}.*`,
  ];
}
