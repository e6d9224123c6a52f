import type { Notice, SealedChannel } from "@safebase/contracts";
import { pause, type Log } from "@safebase/runtime";
import { digestOf } from "./digest.ts";
import { countOutcome, type NotifierMetrics } from "./metrics.ts";
import type { Post } from "./post.ts";
import { judge, pauseAfter } from "./retry.ts";

export interface DirectOptions {
  readonly log: Log;
  readonly post: Post;
  readonly metrics: NotifierMetrics;
  readonly public_url: string | undefined;
  readonly lifetime_ms: number;
  /** A channel as last known. */
  readonly channel: (id: number) => SealedChannel | undefined;
}

/** Tells channels of one notice without NATS, trying again until each has taken it, its lifetime ends, or disposal. */
export function tellDirectly(channelIds: readonly number[], notice: Notice, options: DirectOptions): AsyncDisposable {
  const stopping = new AbortController();
  const running = channelIds.map((id) => tellOne(id, notice, options, stopping.signal));
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function tellOne(id: number, notice: Notice, options: DirectOptions, stop: AbortSignal): Promise<void> {
  for (let attempt = 1; !stop.aborted; attempt++) {
    const channel = options.channel(id);
    if (channel === undefined) return; // deleted meanwhile
    const told = await options.post.deliver(channel, digestOf(channel, [notice], options.public_url), stop);
    if (!told.ok && stop.aborted) return;
    const pause_ms = told.ok ? 0 : pauseAfter(told, attempt);
    const verdict = judge(told, pause_ms, Date.parse(notice.at) + options.lifetime_ms - Date.now());
    countOutcome(options.metrics, channel.type, verdict.outcome);
    const about = { channel_id: id, kind: notice.kind, attempt };
    if (told.ok) options.log.info({ ...about, answer: told.answer }, "delivered without NATS");
    else options.log.warn({ ...about, error: told.failure.message, outcome: verdict.outcome }, "a message could not be delivered");
    if (verdict.outcome !== "retrying") return;
    await pause(verdict.pause_ms, stop);
  }
}
