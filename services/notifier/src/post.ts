import { asSafebaseError, ChannelConfig, SafebaseError, type Failure, type SealedChannel } from "@safebase/contracts";
import { CHANNEL_CONTEXT, type Log, type Secrets } from "@safebase/runtime";
import { DeliveryError, type Channel, type ChannelContext, type Digest } from "./channels/channel.ts";
import { openChannel } from "./channels/registry.ts";
import type { NotifierMetrics } from "./metrics.ts";

const LIMIT_MS = 60_000;

/** What became of one message. Nothing in it is secret. */
export type Told =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly failure: Failure; readonly permanent: boolean; readonly partial: boolean; readonly retry_after_ms: number | undefined };

export interface PostOptions {
  readonly secrets: Secrets;
  readonly log: Log;
  readonly metrics: Pick<NotifierMetrics, "delivery_s">;
  readonly context: Omit<ChannelContext, "trusted">;
}

/** Delivers messages. Keeps nothing open between two: a channel that was changed is another one at once. */
export class Post {
  readonly #options: PostOptions;

  constructor(options: PostOptions) {
    this.#options = options;
  }

  /** Delivers one message, and says how that went: never throws. */
  async deliver(sealed: SealedChannel, digest: Digest, signal: AbortSignal, limit_ms = LIMIT_MS): Promise<Told> {
    const stopTimer = this.#options.metrics.delivery_s.startTimer({ channel_type: sealed.type });
    const limit = AbortSignal.timeout(limit_ms);
    try {
      return { ok: true, answer: await this.#send(sealed, digest, AbortSignal.any([signal, limit])) };
    } catch (cause) {
      const late = limit.aborted && !signal.aborted;
      return refusal(late ? new DeliveryError(`the other side did not answer within ${limit_ms / 1000} s`, { cause }) : cause);
    } finally {
      stopTimer();
    }
  }

  #openConfig({ config_sealed }: SealedChannel): ChannelConfig {
    const text = this.#options.secrets.open(config_sealed, CHANNEL_CONTEXT);
    try {
      return ChannelConfig.parse(JSON.parse(text));
    } catch {
      // Without the cause: parsers quote what they are given.
      throw new SafebaseError("internal", "the channel's settings cannot be understood", { hint: "save the channel again" });
    }
  }

  async #send(sealed: SealedChannel, digest: Digest, signal: AbortSignal): Promise<string> {
    const channel = openChannel(this.#openConfig(sealed), { ...this.#options.context, trusted: sealed.trusted });
    try {
      return await channel.deliver(digest, signal);
    } finally {
      await this.#close(channel, sealed.channel_id);
    }
  }

  /** What was taken is taken, even when the good-bye fails. */
  async #close(channel: Channel, channel_id: number): Promise<void> {
    try {
      await channel[Symbol.asyncDispose]();
    } catch (err) {
      this.#options.log.debug({ err, channel_id }, "a channel did not close");
    }
  }
}

function refusal(cause: unknown): Told {
  const { code, message, hint } = asSafebaseError(cause);
  const known = cause instanceof DeliveryError ? cause : { permanent: cause instanceof SafebaseError, partial: false, retry_after_ms: undefined };
  const failure = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { ok: false, failure, permanent: known.permanent, partial: known.partial, retry_after_ms: known.retry_after_ms };
}
