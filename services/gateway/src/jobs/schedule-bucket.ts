import { BUCKETS, type ScheduleEntry } from "@safebase/contracts";
import { isConflict, readBucket, type Bus, type Position } from "@safebase/runtime";
import { enabledSchedules } from "../catalog/schedules.ts";
import type { Db } from "../catalog/scope.ts";
import { schedulesPaused } from "../settings/get.ts";
import type { Core } from "./deps.ts";

const TRIES = 5;
/** So many writes are on their way at a time. */
const CONCURRENCY = 64;

type Bucket = Parameters<Parameters<Bus["withBucket"]>[1]>[0];
interface Entry { readonly revision: number; /** Null when it was deleted. */ readonly body: string | null }
interface Mirror { position: Position | undefined; entries: Map<string, Entry> }

/** What is known of the bucket, by connection: only what has been written since is read again. */
const mirrors = new WeakMap<Bus, Mirror>();

/**
 * Puts the scheduler's bucket right: one entry for each enabled schedule, none during a pause of all, nothing else.
 * Touches only what differs. The bucket is read before the catalog and written only as it was read, so that of two
 * gateways the later truth stays.
 */
export async function syncSchedules(core: Core): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const known = await readEntries(core.bus);
      const wanted = await wantedEntries(core.db);
      return await core.bus.withBucket(BUCKETS.schedules, (kv) => write(kv, known, wanted));
    } catch (error) {
      if (!isConflict(error) || attempt === TRIES) throw error;
    }
  }
}

async function readEntries(bus: Bus): Promise<ReadonlyMap<string, Entry>> {
  const mirror: Mirror = mirrors.get(bus) ?? { position: undefined, entries: new Map() };
  mirrors.set(bus, mirror);
  const { position, whole, writes } = await readBucket(bus, BUCKETS.schedules, mirror.position);
  if (whole) mirror.entries = new Map();
  for (const { key, revision, text } of writes) mirror.entries.set(key, { revision, body: text });
  mirror.position = position;
  return mirror.entries;
}

async function wantedEntries(db: Db): Promise<ReadonlyMap<string, string>> {
  if (await schedulesPaused(db)) return new Map();
  return new Map((await enabledSchedules(db)).map(({ id, cron, timezone, jitter_s, effective_from }) => {
    const entry: ScheduleEntry = { schedule_id: id, cron, timezone, jitter_s, since: effective_from };
    return [`schedule.${id}`, JSON.stringify(entry)];
  }));
}

async function write(kv: Bucket, known: ReadonlyMap<string, Entry>, wanted: ReadonlyMap<string, string>): Promise<void> {
  const gone = [...known].filter(([key, { body }]) => body !== null && !wanted.has(key));
  const changed = [...wanted].filter(([key, body]) => known.get(key)?.body !== body);
  await inParallel([
    ...gone.map(([key, { revision }]) => () => kv.delete(key, { previousSeq: revision })),
    ...changed.map(([key, body]) => () => put(kv, key, body, known.get(key))),
  ]);
}

async function put(kv: Bucket, key: string, body: string, known: Entry | undefined): Promise<void> {
  await (known === undefined ? kv.create(key, body) : kv.update(key, body, known.revision));
}

/** The first failure stops those that have not begun. */
async function inParallel(acts: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = acts.values();
  let failed = false;
  await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (const act of waiting) {
      if (failed) return;
      await act().catch((error: unknown) => { failed = true; throw error; });
    }
  }));
}
