import { BUCKETS, ScheduleEntry } from "@safebase/contracts";
import { expandCron, nextPlanned, type Bus, type Plan } from "@safebase/runtime";
import type { KV } from "@nats-io/kv";
import type { Known } from "./catch-up.ts";

const PREFIX = "schedule.";

/** One text for each distinct plan. */
export function planKey({ cron, timezone }: Plan): string {
  return `${expandCron(cron)} in ${timezone}`;
}

/** How far the bucket was read: in which of its lives, and up to which of its writes. */
export interface Position {
  readonly created: string;
  readonly seq: number;
}

/** What the bucket says, or, with `since`, what has been written to it since. */
export interface Reading {
  readonly position: Position;
  /** False when this is only what has changed. */
  readonly whole: boolean;
  readonly entries: ReadonlyMap<number, Known>;
  /** What cannot run, with the reason, by the text of the entry. */
  readonly bad: ReadonlyMap<string, unknown>;
  /** Ids whose entry was deleted, or cannot run. */
  readonly unset: ReadonlySet<number>;
  /** Of the bucket. */
  readonly age_ms: number;
}

/** Reads all schedules, or those that were written after `since`, in one pass. One that cannot run is set aside: the others must. */
export function readSchedules(bus: Bus, since?: Position): Promise<Reading> {
  return bus.withBucket(BUCKETS.schedules, async (kv) => {
    const { streamInfo: { created, state } } = await kv.status();
    const from = since?.created === created ? since.seq : 0;
    const [entries, bad, unset, checked] = [new Map<number, Known>(), new Map<string, unknown>(), new Set<number>(), new Map<string, unknown>()];
    for await (const each of state.last_seq > from ? writesAfter(bus, kv, from) : []) {
      const id = Number(each.key.slice(PREFIX.length));
      entries.delete(id);
      unset.delete(id);
      try {
        if (each.operation === "PUT") entries.set(id, { ...parseEntry(id, each.string(), checked), written_at: each.created });
        else unset.add(id);
      } catch (error) {
        unset.add(id);
        bad.set(`${each.key}: ${each.string()}`, error);
      }
    }
    return { position: { created, seq: state.last_seq }, whole: from === 0, entries, bad, unset, age_ms: Date.now() - Date.parse(created) };
  });
}

/** The last write to each key that was written after this one. There is at least one. */
async function* writesAfter(bus: Bus, kv: KV, seq: number) {
  const writes = await kv.watch({ key: `${PREFIX}>`, resumeFromRevision: seq + 1 });
  const stop = (): void => writes.stop();
  bus.line.addEventListener("abort", stop, { once: true });
  try {
    for await (const each of writes) {
      yield each;
      if (each.delta === 0) return;
    }
  } finally {
    bus.line.removeEventListener("abort", stop);
    writes.stop();
  }
}

/** Throws for what is no entry of that id, or has a time that cannot be understood. `checked` holds the verdict on plans. */
function parseEntry(id: number, text: string, checked: Map<string, unknown>): ScheduleEntry {
  const entry = ScheduleEntry.parse(JSON.parse(text));
  if (entry.schedule_id !== id) throw new Error(`the entry is of schedule ${entry.schedule_id}`);
  const key = planKey(entry);
  if (!checked.has(key)) checked.set(key, verdictOn(entry));
  const fault = checked.get(key);
  if (fault !== undefined) throw fault instanceof Error ? fault : new Error(String(fault));
  return entry;
}

/** What is wrong with a plan; undefined for nothing. */
function verdictOn(plan: Plan): unknown {
  try {
    nextPlanned(plan, new Date());
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * What is to run after a reading. A bucket younger than `grace_ms` was made after a loss of everything in NATS and
 * may not be filled again yet: what it does not mention stays as it was, so that no planned time passes unseen.
 */
export function merge(known: ReadonlyMap<number, Known>, { whole, entries, unset, age_ms }: Reading, grace_ms: number): Map<number, Known> {
  if (whole && age_ms > grace_ms) return new Map(entries);
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
