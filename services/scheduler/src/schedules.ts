import { BUCKETS, ScheduleEntry } from "@safebase/contracts";
import type { Bus } from "@safebase/runtime";
import { nextPlanned } from "./plan.ts";

const PREFIX = "schedule.";

/** What the bucket says: `unset` are ids whose entry was deleted, `age_ms` is the bucket's own. */
export interface Snapshot {
  readonly entries: ReadonlyMap<number, ScheduleEntry>;
  /** What cannot run, with the reason, by the text of the entry. */
  readonly bad: ReadonlyMap<string, unknown>;
  readonly unset: ReadonlySet<number>;
  readonly age_ms: number;
}

/** Reads all schedules. One that cannot run is set aside: the others must. */
export function readSchedules(bus: Bus): Promise<Snapshot> {
  return bus.withBucket(BUCKETS.schedules, async (kv) => {
    const { streamInfo } = await kv.status();
    const entries = new Map<number, ScheduleEntry>();
    const bad = new Map<string, unknown>();
    const unset = new Set<number>();
    for await (const each of await kv.history({ key: `${PREFIX}>` })) { // of length 1: the last word on each key
      const id = Number(each.key.slice(PREFIX.length));
      if (each.operation !== "PUT") unset.add(id);
      else try {
        entries.set(id, parseEntry(id, each.string()));
      } catch (error) {
        bad.set(`${each.key}: ${each.string()}`, error);
      }
    }
    return { entries, bad, unset, age_ms: Date.now() - Date.parse(streamInfo.created) };
  });
}

/** Throws for what is no entry of that id, or has a time that cannot be understood. */
function parseEntry(id: number, text: string): ScheduleEntry {
  const entry = ScheduleEntry.parse(JSON.parse(text));
  if (entry.schedule_id !== id) throw new Error(`the entry is of schedule ${entry.schedule_id}`);
  nextPlanned(entry, new Date(), new Date());
  return entry;
}

/**
 * What is to run after a snapshot. A bucket younger than `grace_ms` was made after a loss of everything in NATS and
 * may not be filled again yet: what it does not mention stays as it was, so that no planned time passes unseen.
 */
export function merge(known: ReadonlyMap<number, ScheduleEntry>, { entries, unset, age_ms }: Snapshot, grace_ms: number): Map<number, ScheduleEntry> {
  if (age_ms > grace_ms) return new Map(entries);
  const kept = [...known].filter(([id]) => !unset.has(id));
  return new Map([...kept, ...entries]);
}

/**
 * Calls `changed` whenever an entry is written or deleted. A plain subscription to the bucket's subjects: unlike a
 * watcher it needs no consumer on the server, and so survives a wipe.
 */
export function watchSchedules(bus: Bus, changed: () => void): Disposable {
  const subscription = bus.nc.subscribe(`$KV.${BUCKETS.schedules}.>`, { callback: () => changed() });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
