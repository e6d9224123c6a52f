/** What a bucket of heartbeats says under one key. `stamp` changes with each beat. */
export interface Entry<Beat> {
  readonly key: string;
  readonly stamp: string;
  /** Undefined for a good-bye. */
  readonly beat: Beat | undefined;
}

/** What this gateway knows of one that beats. Times are our own clock's: neither the sender's nor NATS's has to be right. */
export interface Sighting<Beat> {
  readonly beat: Beat;
  /** When there was last something new to see; what was there when we began to look counts as new. */
  readonly seen_ms: number;
  /** When we last saw it beat; undefined while it may be what a dead one left. */
  readonly heard_ms: number | undefined;
  /** It said good-bye. */
  readonly left: boolean;
}

const REMEMBERED_MS = 24 * 3_600_000;

/** Remembers who beats. One that looks on has seen nothing while it did not look: `since_ms` says since when it does. */
export class Sightings<Beat> {
  /** Since when there was a look at least every `gap_ms`. */
  since_ms = Number.POSITIVE_INFINITY;
  readonly #gap_ms: number;
  readonly #known = new Map<string, Sighting<Beat> & { stamp: string }>();
  #left: ReadonlySet<string> = new Set();
  #looked_ms = Number.NEGATIVE_INFINITY;

  constructor(gap_ms: number) {
    this.#gap_ms = gap_ms;
  }

  /** Takes in what a look has found. After `anew`, as after a loss of the connection, everybody gets his time again. */
  look(entries: readonly Entry<Beat>[], now_ms: number, anew: boolean): void {
    const begins = anew || Math.abs(now_ms - this.#looked_ms) > this.#gap_ms;
    if (begins) this.since_ms = now_ms;
    this.#looked_ms = now_ms;
    this.#left = new Set(entries.filter(({ beat }) => beat === undefined).map(({ key }) => key));
    for (const { key, stamp, beat } of entries) {
      const known = this.#known.get(key);
      if (beat === undefined) {
        if (known !== undefined) this.#known.set(key, { ...known, left: true });
      } else if (known?.stamp !== stamp) {
        this.#known.set(key, { beat, stamp, seen_ms: now_ms, heard_ms: begins && known === undefined ? undefined : now_ms, left: false });
      }
    }
    for (const [key, { seen_ms }] of this.#known) if (now_ms - seen_ms > REMEMBERED_MS) this.#known.delete(key);
  }

  get(key: string): Sighting<Beat> | undefined {
    return this.#known.get(key);
  }

  /** Did it say good-bye just now, perhaps before we ever saw it? */
  hasLeft(key: string): boolean {
    return this.#left.has(key);
  }

  all(): IterableIterator<[string, Sighting<Beat>]> {
    return this.#known.entries();
  }
}
