import { STREAMS, subjects, type SealedChannel } from "@safebase/contracts";
import { dropMessage, lastOf, removeConsumer, subjectsIn } from "@safebase/runtime";
import { merge, type Snapshot } from "./directory.ts";
import { durableOf, Lane, type LaneOptions } from "./lane.ts";
import { report } from "./report.ts";
import { deadEvent } from "./unreadable.ts";

const GONE = "the channel was deleted or switched off before it could be told";

/** One lane for each channel of the bucket: opened, and closed for good, as the bucket says. */
export class Lanes implements AsyncDisposable {
  readonly #options: LaneOptions;
  readonly #grace_ms: number;
  readonly #lanes = new Map<number, Lane>();
  /** What is being done about each channel, one after the other: a lane that takes its time to close holds up no other. */
  readonly #turns = new Map<number, Promise<void>>();
  readonly #stopping = new AbortController();
  #channels: ReadonlyMap<number, SealedChannel> = new Map();
  #bad: ReadonlyMap<number, unknown> = new Map();

  constructor(options: LaneOptions, grace_ms: number) {
    this.#options = options;
    this.#grace_ms = grace_ms;
  }

  /** The channels as last known, also when NATS is away. */
  get channels(): ReadonlyMap<number, SealedChannel> {
    return this.#channels;
  }

  get groups(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.groups, 0);
  }

  follow(snapshot: Snapshot): void {
    this.#complain(snapshot.bad);
    const before = this.#channels;
    this.#channels = merge(before, snapshot, this.#grace_ms);
    for (const id of this.#channels.keys()) if (!before.has(id)) this.#inTurn(id, () => this.#open(id));
    for (const id of before.keys()) if (!this.#channels.has(id)) this.#inTurn(id, () => this.#close(id));
    // Those that were deleted before as well: something may have been queued for them in the meantime.
    for (const id of snapshot.deleted) if (!this.#turns.has(id) || before.has(id)) this.#inTurn(id, () => this.#endQueued(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#turns.values());
    await Promise.all([...this.#lanes.values()].map((lane) => lane[Symbol.asyncDispose]()));
  }

  async #open(id: number): Promise<void> {
    let known = this.#channels.get(id);
    if (known === undefined || this.#lanes.has(id)) return; // it changed again meanwhile
    this.#options.log.info({ channel_id: id, type: known.type }, "a channel is served");
    this.#lanes.set(id, new Lane(id, () => (known = this.#channels.get(id) ?? known!), this.#options));
  }

  async #close(id: number): Promise<void> {
    const lane = this.#lanes.get(id);
    if (lane === undefined || this.#channels.has(id)) return;
    this.#lanes.delete(id);
    await lane[Symbol.asyncDispose]();
    await removeConsumer(this.#options.bus, STREAMS.notifications, durableOf(id));
    this.#options.log.info({ channel_id: id }, "a channel is not served any more");
  }

  /** What waits for a channel that is gone is given up, and says so. */
  async #endQueued(id: number): Promise<void> {
    const { bus, log } = this.#options;
    for (const subject of await subjectsIn(bus, STREAMS.notifications, subjects.notificationsOf(id))) {
      if (this.#channels.has(id) || this.#stopping.signal.aborted) return;
      const stored = await lastOf(bus, STREAMS.notifications, subject);
      if (stored === undefined) continue; // another notifier was here
      const event = deadEvent(subject, 0, GONE);
      if (event !== undefined) await report(bus, event, this.#stopping.signal);
      await dropMessage(bus, STREAMS.notifications, stored.seq);
      log.warn({ subject }, "a notification was given up: its channel is gone");
    }
  }

  #inTurn(id: number, act: () => Promise<void>): void {
    const turn = (this.#turns.get(id) ?? Promise.resolve())
      .then(act)
      .catch((err: unknown) => this.#options.log.warn({ err, channel_id: id }, "a channel could not be put right, the next reading tries again"))
      .finally(() => { if (this.#turns.get(id) === turn) this.#turns.delete(id); });
    this.#turns.set(id, turn);
  }

  /** Once for each, not at every reading. */
  #complain(bad: ReadonlyMap<number, unknown>): void {
    for (const [channel_id, err] of bad) {
      if (!this.#bad.has(channel_id)) this.#options.log.error({ err, channel_id }, "a channel's entry cannot be understood, it stays as it was");
    }
    this.#bad = bad;
  }
}
