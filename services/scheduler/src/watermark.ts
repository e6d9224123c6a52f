import { BUCKETS } from "@safebase/contracts";
import { isConflict, type Bus } from "@safebase/runtime";
import type { KvEntry } from "@nats-io/kv";
import { z } from "zod";
import { MAX_AHEAD_MS } from "./catch-up.ts";

const KEY = "emitted_until";
const FRESH_MS = 1_000;
const Stored = z.object({ until: z.iso.datetime() });

/**
 * The moment up to which everything due has been taken by NATS, kept there for whoever starts next. It never goes back,
 * and is true whoever writes it: each scheduler emits every schedule, and says only what NATS has confirmed to it.
 */
export class Watermark {
  readonly #bus: Bus;
  #read: { readonly value: Promise<Date | undefined>; readonly at_ms: number } | undefined;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** As it is stored, or was within the last second; undefined when there is none. Throws while NATS is away. */
  async read(): Promise<Date | undefined> {
    if (this.#read === undefined || performance.now() - this.#read.at_ms > FRESH_MS) {
      const value = this.#bus.withBucket(BUCKETS.scheduler, async (kv) => timeOf(await kv.get(KEY)));
      this.#read = { value, at_ms: performance.now() };
      value.catch(() => { this.#read = undefined; });
    }
    return this.#read.value;
  }

  /** Moves it on, unless another scheduler has moved it as far. */
  async advance(until: Date, now: Date): Promise<void> {
    const body = JSON.stringify({ until: until.toISOString() } satisfies z.infer<typeof Stored>);
    await this.#bus.withBucket(BUCKETS.scheduler, async (kv) => {
      const entry = await kv.get(KEY);
      const stored = timeOf(entry);
      if (stored !== undefined && stored >= until && stored.getTime() <= now.getTime() + MAX_AHEAD_MS) return;
      try {
        await (entry === null ? kv.create(KEY, body) : kv.update(KEY, body, entry.revision));
      } catch (error) {
        if (!isConflict(error)) throw error; // else another was first: the next time will tell
      }
    });
  }
}

/** What cannot be read is as good as none: that costs events that the gateway drops, no backup. */
function timeOf(entry: KvEntry | null): Date | undefined {
  if (entry?.operation !== "PUT") return undefined;
  const stored = Stored.safeParse(parse(entry.string()));
  return stored.success ? new Date(stored.data.until) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // see timeOf
  }
}
