import { BUCKETS, type ScheduleEntry } from "@safebase/contracts";
import { enabledSchedules } from "../catalog/schedules.ts";
import type { Core } from "./deps.ts";

/** Puts the scheduler's bucket right: one entry for each enabled schedule, nothing else. Touches only what differs. */
export async function syncSchedules(core: Core): Promise<void> {
  const wanted = new Map<string, string>();
  for (const { id, cron, timezone, jitter_s, effective_from } of await enabledSchedules(core.db)) {
    const entry: ScheduleEntry = { schedule_id: id, cron, timezone, jitter_s, since: effective_from };
    wanted.set(`schedule.${id}`, JSON.stringify(entry));
  }
  await core.bus.withBucket(BUCKETS.schedules, async (kv) => {
    const known: string[] = [];
    for await (const key of await kv.keys("schedule.>")) known.push(key);
    for (const key of known) if (!wanted.has(key)) await kv.delete(key);
    for (const [key, body] of wanted) {
      const entry = known.includes(key) ? await kv.get(key) : null;
      if (entry?.operation !== "PUT" || entry.string() !== body) await kv.put(key, body);
    }
  });
}
