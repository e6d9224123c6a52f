import { Notice } from "@safebase/contracts";
import { backoff_ms, type Again, type Log } from "@safebase/runtime";
import type { Counter } from "prom-client";

/** With pauses from a second to a quarter of an hour, this is about ten hours of trying. */
const MAX_DELIVERIES = 50;
const MAX_PAUSE_MS = 15 * 60_000;
/** A channel that is new, or was off for long, does not repeat old news. */
const MAX_AGE_MS = 24 * 3600_000;

/** A channel of the configuration. */
export interface ConfiguredChannel {
  /** Names its durable consumer: a channel keeps its place in the stream under this name. */
  readonly name: string;
  /** What it passes on; the rest is done without it. */
  wants(notice: Notice): boolean;
  deliver(notice: Notice, signal: AbortSignal): Promise<void>;
}

export type Deliveries = Counter<"channel" | "outcome">;

/** How one channel handles one message of the stream: delivers it, or asks for it to come again, or gives it up. */
export function createDelivery(channel: ConfiguredChannel, log: Log, deliveries: Deliveries) {
  const count = (outcome: "delivered" | "failed" | "given_up"): void => deliveries.inc({ channel: channel.name, outcome });
  return async (payload: unknown, attempt: number, signal: AbortSignal): Promise<Again | void> => {
    const parsed = Notice.safeParse(payload);
    if (!parsed.success) return log.error({ err: parsed.error, channel: channel.name }, "a notice cannot be read, it is left out");
    const notice = parsed.data;
    if (!channel.wants(notice)) return;
    const about = { channel: channel.name, notice_id: notice.id, kind: notice.kind, attempt };
    if (Date.now() - Date.parse(notice.at) > MAX_AGE_MS) return giveUp("a notice is too old to be told");
    try {
      await channel.deliver(notice, signal);
      count("delivered");
      log.info(about, "notice delivered");
    } catch (err) {
      if (signal.aborted) throw err; // handed back
      count("failed");
      if (attempt >= MAX_DELIVERIES) return giveUp("a notice could not be delivered, given up", err);
      log.warn({ err, ...about }, "a notice could not be delivered, trying again");
      return { again_in_ms: backoff_ms(attempt, 1_000, MAX_PAUSE_MS) };
    }

    function giveUp(message: string, err?: unknown): void {
      count("given_up");
      log.error({ err, ...about }, message);
    }
  };
}
