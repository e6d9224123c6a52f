import { NotificationCommand, STREAMS, subjects, type SealedChannel } from "@safebase/contracts";
import { pause, takeIn, type Bus, type Log, type Taken } from "@safebase/runtime";
import { digestOf } from "./digest.ts";
import { Gathering } from "./gathering.ts";
import { countOutcome, type NotifierMetrics } from "./metrics.ts";
import type { Post } from "./post.ts";
import { deliveredBefore, report } from "./report.ts";
import { isOnRecord, settle, type Held } from "./settle.ts";
import { refuseUnreadable } from "./unreadable.ts";

const ACK_WAIT_MS = 30_000;
const GROUP_LIMIT = 200;
const HELD_LIMIT = 1_000;
/** So many messages are delivered at once: one that hangs does not stop those after it. */
const SLOTS = 4;
/** What was sent together and refused comes back together, but not in the same instant. */
const RETURN_MS = 1_000;
/** A delivery that runs when the notifier stops may end: a mail that is cut off may have arrived all the same. */
const STOP_GRACE_MS = 2_000;

export interface LaneOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly post: Post;
  readonly metrics: NotifierMetrics;
  readonly public_url: string | undefined;
  readonly lifetime_ms: number;
}

/** Name of the consumer that keeps a channel's place. */
export const durableOf = (channelId: number): string => `channel-${channelId}`;

/**
 * One channel's way: takes its notifications from the queue, gathers them, has them delivered and says what became of
 * each. Holds nothing that the queue does not hold as well until then. Lanes share nothing, so none delays another.
 */
export class Lane implements AsyncDisposable {
  readonly #options: LaneOptions;
  readonly #channel: () => SealedChannel;
  readonly #held = new Map<string, Held>();
  readonly #fresh = new Gathering<Held>(GROUP_LIMIT, (group) => this.#send(group));
  readonly #returning = new Gathering<Held>(GROUP_LIMIT, (group) => this.#send(group));
  readonly #queue: Held[][] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #cut = new AbortController();
  readonly #intake: AsyncDisposable;
  readonly #signs: NodeJS.Timeout;
  #slots = SLOTS;

  /** `channel` answers how the channel is now: it may be changed at any time. */
  constructor(channelId: number, channel: () => SealedChannel, options: LaneOptions) {
    this.#options = options;
    this.#channel = channel;
    this.#signs = setInterval(() => { for (const { message } of this.#held.values()) message.working(); }, ACK_WAIT_MS / 3);
    this.#intake = takeIn(options.bus, {
      stream: STREAMS.notifications, durable: durableOf(channelId), filter: subjects.notificationsOf(channelId), batch: GROUP_LIMIT,
      ack_wait_ms: ACK_WAIT_MS, max_ack_pending: -1, // those that wait for their next try must not hold up new ones
      room: async (signal) => { while (this.#held.size >= HELD_LIMIT && !signal.aborted) await pause(100, signal); },
      take: (message) => this.#take(message),
    });
  }

  /** Messages that gather, wait or are being delivered. */
  get groups(): number {
    return Number(this.#fresh.isOpen) + Number(this.#returning.isOpen) + this.#queue.length + SLOTS - this.#slots;
  }

  /** Hands back what has not been told, once what is being delivered has ended or was cut off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#intake[Symbol.asyncDispose]();
    for (const group of [this.#fresh.take(), this.#returning.take(), ...this.#queue.splice(0)]) this.#handBack(group);
    const grace = setTimeout(() => this.#cut.abort(), STOP_GRACE_MS);
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(grace);
    clearInterval(this.#signs);
  }

  #take(message: Taken): void {
    const command = NotificationCommand.safeParse(message.payload);
    if (!command.success) return this.#run(refuseUnreadable(this.#options, message, this.#channel().type, this.#cut.signal));
    const key = `${command.data.notification_id}:${command.data.notice.id}`;
    const known = this.#held.get(key);
    if (known !== undefined) known.message = message; // it is ours already: NATS was away, or has lost it and was given it again
    else {
      const held: Held = { key, command: command.data, message };
      this.#held.set(key, held);
      this.#run(this.#admit(held));
    }
  }

  async #admit(held: Held): Promise<void> {
    const { bus, log } = this.#options;
    try {
      const before = await deliveredBefore(bus, held.command);
      if (before !== undefined) {
        await report(bus, before, this.#cut.signal); // again: the gateway may have lost it
        await held.message.done();
        this.#held.delete(held.key);
        return;
      }
    } catch (err) {
      log.debug({ err }, "NATS does not say whether a notification was delivered: it comes again");
      return this.#handBack([held], 1_000);
    }
    if (this.#stopping.signal.aborted) return this.#handBack([held]);
    this.#gather(held);
  }

  #gather(held: Held): void {
    const { group_s } = this.#channel();
    if (group_s === 0 || !isOnRecord(held.command)) this.#send([held]); // that nobody watches is told at once
    else if (held.message.deliveries > 1) this.#returning.add(held, RETURN_MS);
    else this.#fresh.add(held, group_s * 1000);
  }

  #send(group: Held[]): void {
    if (this.#slots === 0) {
      this.#queue.push(group);
      return;
    }
    this.#slots--;
    this.#run(this.#tell(group).finally(() => {
      this.#slots++;
      const next = this.#queue.shift();
      if (next !== undefined) this.#send(next);
    }));
  }

  async #tell(group: Held[]): Promise<void> {
    const { bus, log, post, metrics, lifetime_ms, public_url } = this.#options;
    const channel = this.#channel();
    const digest = digestOf(channel, group.map(({ command }) => command.notice), public_url);
    const told = await post.deliver(channel, digest, this.#cut.signal);
    if (!told.ok && this.#cut.signal.aborted) return this.#handBack(group);
    const about = { channel_id: channel.channel_id, type: channel.type, group_id: digest.id, group_size: group.length };
    if (told.ok) log.info({ ...about, answer: told.answer }, "delivered");
    else log.warn({ ...about, error: told.failure.message }, "a message could not be delivered");
    const open = new Set(group);
    try {
      await settle(group, told, {
        bus, group_id: digest.id, lifetime_ms, signal: this.#cut.signal,
        settled: (held, outcome) => { countOutcome(metrics, channel.type, outcome); this.#held.delete(held.key); open.delete(held); },
      });
    } finally {
      this.#handBack(open, 1_000);
    }
  }

  #handBack(group: Iterable<Held>, in_ms = 0): void {
    for (const { key, message } of group) {
      this.#held.delete(key);
      message.again(in_ms);
    }
  }

  /** Lets it run until disposal waits for it. */
  #run(task: Promise<void>): void {
    const running = task
      .catch((err: unknown) => this.#options.log.error({ err, channel_id: this.#channel().channel_id }, "a notification was not settled, it comes again"))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
