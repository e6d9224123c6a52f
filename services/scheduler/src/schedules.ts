import { BUCKETS, ScheduleEntry } from "@safebase/contracts";
import { expandCron, nextPlanned, readBucket, type Bus, type Plan, type Position } from "@safebase/runtime";
import type { Known } from "./catch-up.ts";

const PREFIX = "schedule.";

/** One text for each distinct plan. */
export function planKey({ cron, timezone }: Plan): string {
  return `${expandCron(cron)} in ${timezone}`;
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

/** Reads all schedules, or those that were written after `since`. One that cannot run is set aside: the others must. */
export async function readSchedules(bus: Bus, since?: Position): Promise<Reading> {
  const { position, whole, writes, age_ms } = await readBucket(bus, BUCKETS.schedules, since);
  const [entries, bad, unset, checked] = [new Map<number, Known>(), new Map<string, unknown>(), new Set<number>(), new Map<string, Error | undefined>()];
  for (const each of writes) {
    const id = Number(each.key.slice(PREFIX.length));
    entries.delete(id);
    unset.delete(id);
    try {
      if (each.text === null) unset.add(id);
      else entries.set(id, parseEntry(id, each.text, each.created.getTime(), checked));
    } catch (error) {
      unset.add(id);
      bad.set(`${each.key}: ${each.text}`, error);
    }
  }
  return { position, whole, entries, bad, unset, age_ms };
}

/** Throws for what is no entry of that id, or has a time that cannot be understood. `checked` holds the verdict on plans. */
function parseEntry(id: number, text: string, written_at_ms: number, checked: Map<string, Error | undefined>): Known {
  const entry = ScheduleEntry.parse(JSON.parse(text));
  if (entry.schedule_id !== id) throw new Error(`the entry is of schedule ${entry.schedule_id}`);
  const key = planKey(entry);
  if (!checked.has(key)) checked.set(key, verdictOn(entry));
  const fault = checked.get(key);
  if (fault !== undefined) throw fault;
  const { schedule_id, cron, timezone, jitter_s, since } = entry;
  return { schedule_id, cron, timezone, jitter_s, since_ms: Date.parse(since), written_at_ms };
}

/** What is wrong with a plan; undefined for nothing. */
function verdictOn(plan: Plan): Error | undefined {
  try {
    nextPlanned(plan, new Date());
    return undefined;
  } catch (error) {
    return new Error("its times cannot be understood", { cause: error });
  }
}

/**
 * Calls `changed` whenever an entry is written or deleted. A plain subscription to the bucket's subjects: unlike a
 * watcher it needs no consumer on the server, and so survives a wipe.
 */
export function watchSchedules(bus: Bus, changed: () => void): Disposable {
  const subscription = bus.nc.subscribe(`$KV.${BUCKETS.schedules}.>`, { callback: () => changed() });
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
