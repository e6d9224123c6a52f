import type { ExecutorHeartbeat, ServiceHeartbeat } from "@safebase/contracts";
import type { Watched } from "../catalog/watched.ts";
import type { Sighting, Sightings } from "./sightings.ts";
import { ALIVE, changeOf, LOST, type Verdict } from "./verdict.ts";

/** What one look is judged by. `rows` were read before the look: what has changed since then is another gateway's doing. */
export interface Look {
  readonly now: Date;
  readonly silence_ms: number;
  readonly rows: ReadonlyMap<string, Watched>;
  readonly services: Sightings<ServiceHeartbeat>;
  readonly executors: Sightings<ExecutorHeartbeat>;
  /** The executor groups that registered databases need. */
  readonly groups: readonly string[];
}

const EXECUTORS = "executors:";

/** Scheduler, notifier and the executors of a group: each is lost when none of its kind beats, in whatever way they ended. */
export function judgeParts(look: Look): Verdict[] {
  const { services, executors, groups } = look;
  const verdicts = (["scheduler", "notifier"] as const).flatMap((service) => {
    const ofKind = [...services.all()].map(([, sighting]) => sighting).filter(({ beat }) => beat.service === service);
    return judgePart(look, services.since_ms, service, ofKind, { name: service, id: null, group: null });
  });
  for (const group of groups) {
    const ofGroup = [...executors.all()].map(([, sighting]) => sighting).filter(({ beat }) => beat.group === group);
    verdicts.push(...judgePart(look, executors.since_ms, EXECUTORS + group, ofGroup, { name: "executor", id: null, group }));
  }
  const unneeded = [...look.rows.values()].filter(({ key }) => key.startsWith(EXECUTORS) && !groups.includes(key.slice(EXECUTORS.length)));
  return [...verdicts, ...unneeded.map((seen): Verdict => ({ act: "forget", seen }))];
}

type Part = { readonly name: "scheduler" | "notifier" | "executor"; readonly id: null; readonly group: string | null };

function judgePart(look: Look, since_ms: number, key: string, sightings: readonly Sighting<unknown>[], part: Part): Verdict[] {
  const { now, silence_ms } = look;
  const row = look.rows.get(key);
  if (row === undefined) return [{ act: "begin", row: { key, state: ALIVE, since: now.toISOString(), last_seen_at: null, detail: null } }];
  const seen_ms = sightings.length === 0 ? undefined : Math.max(...sightings.map((each) => each.seen_ms));
  if (row.state === LOST) {
    // A beat that was heard before the loss was told proves nothing, nor does what a dead one left behind.
    const isBack = sightings.some(({ heard_ms, left }) => !left && heard_ms !== undefined && heard_ms > Date.parse(row.since));
    return isBack ? [changeOf(row, ALIVE, `${part.name}_back`, part, seen_ms, now)] : [];
  }
  const silent_since_ms = Math.max(seen_ms ?? 0, since_ms, Date.parse(row.since));
  return now.getTime() - silent_since_ms > silence_ms ? [changeOf(row, LOST, `${part.name}_lost`, part, seen_ms, now)] : [];
}
