import { BUCKETS, STREAMS, subjects, type SealedChannel } from "@safebase/contracts";
import { dropAll, isConflict, readBucket } from "@safebase/runtime";
import { enabledChannels } from "../catalog/channels.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Core } from "../jobs/deps.ts";
import { eventsOf } from "./rules.ts";

const TRIES = 5;

type Bucket = Parameters<Parameters<Core["bus"]["withBucket"]>[1]>[0];

/**
 * Puts the notifiers' bucket right: one entry for each enabled channel, nothing else. Touches only what differs. The
 * bucket is read before the catalog and written only as it was read, so that of two gateways the later truth stays.
 */
export async function syncChannels(core: Core): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await core.bus.withBucket(BUCKETS.channels, (kv) => sync(core, kv));
    } catch (error) {
      if (!isConflict(error) || attempt === TRIES) throw error;
    }
  }
}

async function sync(core: Core, kv: Bucket): Promise<void> {
  const { writes } = await readBucket(core.bus, BUCKETS.channels);
  const known = new Map(writes.map(({ key, revision, text }) => [key, { revision, body: text }]));
  const wanted = new Map((await enabledChannels(core.db)).map((channel) => [`channel.${channel.id}`, JSON.stringify(sealedChannel(channel))]));
  for (const [key, { revision, body }] of known) {
    if (wanted.has(key) || body === null) continue;
    await dropAll(core.bus, STREAMS.notifications, subjects.notificationsOf(Number(key.slice("channel.".length))));
    await kv.delete(key, { previousSeq: revision });
  }
  for (const [key, body] of wanted) {
    const entry = known.get(key);
    if (entry === undefined) await kv.create(key, body);
    else if (entry.body !== body) await kv.update(key, body, entry.revision);
  }
}

/** A channel as notifiers know it. */
export function sealedChannel(channel: Channel): SealedChannel {
  const { id, name, type, language, group_s, config_sealed, source } = channel;
  return {
    channel_id: id, name, type, language, group_s, config_sealed, trusted: source === "configuration",
    watches_gateway: channel.all_users === 1 && eventsOf(channel).includes("gateway_lost"),
  };
}
