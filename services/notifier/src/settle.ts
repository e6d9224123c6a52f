import type { DeliveryEvent, Failure, NotificationCommand } from "@safebase/contracts";
import type { Bus, Taken } from "@safebase/runtime";
import type { Told } from "./post.ts";
import { report } from "./report.ts";
import { judge, pauseAfter, type Verdict } from "./retry.ts";

/** A notification in our hands. */
export interface Held {
  readonly key: string;
  readonly command: NotificationCommand;
  /** The newest delivery of it: that one is to be acknowledged. */
  message: Taken;
}

export interface SettleOptions {
  readonly bus: Bus;
  readonly group_id: string;
  readonly lifetime_ms: number;
  readonly signal: AbortSignal;
  readonly settled: (held: Held, outcome: DeliveryEvent["outcome"]) => void;
}

/** Says of each of a group what became of it, and only then is done with it, or asks for it to come again with the others. */
export async function settle(group: readonly Held[], told: Told, options: SettleOptions): Promise<void> {
  const attempt = Math.max(...group.map(({ message }) => message.deliveries));
  const pause_ms = told.ok ? 0 : pauseAfter(told, attempt);
  const results = await Promise.allSettled(group.map(async (held) => {
    const expires_in_ms = Date.parse(held.command.notice.at) + options.lifetime_ms - Date.now();
    const verdict = judge(told, pause_ms, expires_in_ms);
    if (isOnRecord(held.command)) await report(options.bus, eventOf(held, told, verdict, group.length, options.group_id), options.signal);
    if (verdict.outcome === "retrying") held.message.again(verdict.pause_ms);
    else await held.message.done();
    options.settled(held, verdict.outcome);
  }));
  const failed = results.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** The gateway keeps a record of it. What the notifier tells by itself has numbers below zero. */
export function isOnRecord({ notification_id }: NotificationCommand): boolean {
  return notification_id > 0;
}

function eventOf({ command, message }: Held, told: Told, { outcome, pause_ms }: Verdict, group_size: number, group_id: string): DeliveryEvent {
  const now = Date.now();
  return {
    notification_id: command.notification_id, channel_id: command.channel_id, at: new Date(now).toISOString(), outcome,
    attempt: message.deliveries, group_id, group_size, answer: told.ok ? told.answer : null, error: told.ok ? null : sentence(told.failure),
    next_try_at: outcome === "retrying" ? new Date(now + pause_ms).toISOString() : null,
  };
}

function sentence({ message, hint }: Failure): string {
  return hint === undefined ? message : `${message} (${hint})`;
}
