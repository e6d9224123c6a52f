import type { Notice } from "@safebase/contracts";

/** One way in which people are told. */
export interface Channel {
  /** Names its durable consumer: a channel keeps its place in the stream under this name. */
  readonly name: string;
  /** What it passes on; the rest is done without it. */
  wants(notice: Notice): boolean;
  /**
   * Settled: the other side has taken it. Thrown: it has not, as far as is known, and is tried again later, so the
   * other side may see a notice twice. Ends within a minute, and soon after `signal` aborts.
   */
  deliver(notice: Notice, signal: AbortSignal): Promise<void>;
}
