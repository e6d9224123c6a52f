import { SafebaseError, type ChannelConfig, type ErrorCode, type Language, type Notice } from "@safebase/contracts";

/** One way in which people are told. */
export interface Channel extends AsyncDisposable {
  /**
   * Sends one message about all of these notices (one line each when several). Settled: the other side has taken it; the
   * string is what it answered, without secrets. Thrown: not taken, as far as is known (a DeliveryError says whether
   * trying again can help and when at the earliest). Ends within a minute, and soon after `signal` aborts.
   */
  deliver(digest: Digest, signal: AbortSignal): Promise<string>;
}

/** What is told in one message. */
export interface Digest {
  /** The same when it is sent again, so that the other side can tell. */
  readonly id: string;
  readonly notices: readonly Notice[];
  /** Somebody tries the channel out: the message says that it is a test. */
  readonly test: boolean;
  readonly language: Language;
  readonly public_url: string | undefined;
}

/** What a channel needs to know of the installation. */
export interface ChannelContext {
  readonly smtp_url: string | undefined;
  readonly mail_from: string;
  readonly allowed_targets: readonly string[];
  /** From our own configuration: it may lead anywhere. */
  readonly trusted: boolean;
}

export type OpenChannel = (config: ChannelConfig, context: ChannelContext) => Channel;

interface DeliveryOptions { code?: ErrorCode; hint?: string | undefined; retry_after_ms?: number | undefined; permanent?: boolean; partial?: boolean; cause?: unknown }

/** A message was not taken. */
export class DeliveryError extends SafebaseError {
  /** Not before this much time has passed, says the other side. */
  readonly retry_after_ms: number | undefined;
  /** Trying again cannot help: something must be changed first. */
  readonly permanent: boolean;
  /** Some of those who were to be told have been: it is not sent again, for they would have it twice. */
  readonly partial: boolean;

  constructor(message: string, { code = "unreachable", hint, retry_after_ms, permanent = false, partial = false, cause }: DeliveryOptions = {}) {
    super(code, message, { hint, cause });
    this.retry_after_ms = retry_after_ms;
    this.permanent = permanent;
    this.partial = partial;
  }
}
