import { randomUUID } from "node:crypto";
import { BUCKETS, ServiceHeartbeat, noticeOf, type Notice, type SealedChannel } from "@safebase/contracts";
import { pause, type Bus, type Log } from "@safebase/runtime";
import { tellDirectly, type DirectOptions } from "./tell-directly.ts";
import { tellThroughQueue } from "./tell-through-queue.ts";

const ASLEEP_MS = 10_000;

export interface WatchOptions extends DirectOptions {
  readonly bus: Bus;
  readonly log: Log;
  /** The channels to tell, as last known. */
  readonly watchers: () => SealedChannel[];
  readonly silence_ms: number;
}

/**
 * Tells people that no gateway lives any more, and when one is back: what the gateway itself cannot tell. NATS gone for
 * that long is told as well, for then nothing works, and nobody else can say so. Once for each loss.
 */
export class GatewayWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #stop = new AbortController();
  readonly #subscription: Disposable;
  readonly #loop: Promise<void>;
  #lastSign = performance.now(); // the start counts as one
  #lastSeenAt: string | null = null;
  #seenOnce = false;
  #connected = true;
  /** When it was lost, while it is. */
  #lostAt: string | undefined;
  #direct: AsyncDisposable | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#subscription = onBeat(options.bus, (at) => {
      this.#lastSign = performance.now();
      this.#lastSeenAt = at;
    });
    this.#loop = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#subscription[Symbol.dispose]();
    await this.#loop;
    await this.#direct?.[Symbol.asyncDispose]();
  }

  async #run(): Promise<void> {
    const every_ms = Math.min(1_000, this.#options.silence_ms / 4);
    for (let last = performance.now(); !this.#stop.signal.aborted; last = performance.now()) {
      await pause(every_ms, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (performance.now() - last > every_ms + ASLEEP_MS) this.#lastSign = performance.now(); // it was this process that slept
      await this.#look().catch((err: unknown) => this.#options.log.warn({ err }, "the watch over the gateway stumbled, it goes on"));
    }
  }

  async #look(): Promise<void> {
    const { bus, silence_ms, watchers } = this.#options;
    if (bus.connected && !this.#connected && this.#lostAt === undefined) this.#lastSign = performance.now(); // it needs a moment as well
    this.#connected = bus.connected;
    const silent = performance.now() - this.#lastSign > silence_ms;
    if (silent && this.#lostAt === undefined) {
      if (watchers().length > 0) await this.#lost(); // else it is told when there is somebody to tell
    } else if (!silent && this.#lostAt !== undefined) await this.#back();
    else if (this.#lastSeenAt !== null && !this.#seenOnce) await this.#first();
  }

  async #lost(): Promise<void> {
    const { bus, silence_ms, log } = this.#options;
    const at = new Date().toISOString();
    this.#lostAt = at;
    this.#seenOnce = true;
    const notice = this.#notice("gateway_lost", at, bus.connected
      ? `no gateway has given a sign of life for ${Math.round(silence_ms / 1000)} s: backups that fall due are not started, and nobody is told of anything else`
      : `NATS has not been reachable for ${Math.round(silence_ms / 1000)} s: nothing is backed up, and nobody is told of anything else`);
    log.error({ last_seen_at: this.#lastSeenAt, nats: bus.connected }, "the gateway is lost");
    if (bus.connected && await this.#queue(notice, "lost")) return;
    this.#direct = tellDirectly(this.#options.watchers().map(({ channel_id }) => channel_id), notice, this.#options);
  }

  async #back(): Promise<void> {
    const at = new Date().toISOString();
    this.#options.log.info("the gateway is back");
    if (!await this.#queue(this.#notice("gateway_back", at, null), "alive")) return; // at the next look
    await this.#direct?.[Symbol.asyncDispose](); // who was not told of the loss yet is told of the return
    this.#direct = undefined;
    this.#lostAt = undefined;
  }

  /** A loss that was told by a notifier which is gone: its end is told by this one. */
  async #first(): Promise<void> {
    this.#seenOnce = await this.#queue(this.#notice("gateway_back", new Date().toISOString(), null), "alive");
  }

  /** False when NATS does not take it. */
  async #queue(notice: Notice, state: "lost" | "alive"): Promise<boolean> {
    try {
      await tellThroughQueue(this.#options.bus, this.#options.watchers(), notice, state, this.#lostAt);
      return true;
    } catch (err) {
      this.#options.log.warn({ err }, "NATS does not take what there is to tell of the gateway");
      return false;
    }
  }

  #notice(kind: "gateway_lost" | "gateway_back", at: string, message: string | null): Notice {
    return noticeOf(kind, randomUUID(), at, {
      service: { name: "gateway", id: null, group: null, last_seen_at: this.#lastSeenAt },
      error: message === null ? null : { code: "unreachable", message, hint: "see the log of the gateway and of NATS" },
    });
  }
}

/** A plain subscription to what gateways write into the bucket of heartbeats. */
function onBeat(bus: Bus, seen: (at: string) => void): Disposable {
  const subscription = bus.nc.subscribe(`$KV.${BUCKETS.heartbeats}.gateway.>`, {
    callback: (error, message) => {
      if (error !== null || message.data.length === 0) return; // a good-bye is no sign of life
      const beat = ServiceHeartbeat.safeParse(message.json());
      if (beat.success) seen(beat.data.at);
    },
  });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
