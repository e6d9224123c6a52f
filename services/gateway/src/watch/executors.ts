import { z } from "zod";
import type { ExecutorHeartbeat } from "@safebase/contracts";
import type { Watched } from "../catalog/watched.ts";
import type { Look } from "./parts.ts";
import { ALIVE, changeOf, LOST, type Verdict } from "./verdict.ts";

const EXECUTOR = "executor:";
const Place = z.object({ host: z.string(), group: z.string() });
type Place = z.infer<typeof Place>;
/** A lost one may come back so much later, as when its machine was cut off. */
const KEPT_LOST_MS = 7 * 24 * 3_600_000;

/**
 * Single executors: one that vanishes without a good-bye is lost, unless another on the same host has followed it, or
 * nobody of its group is left, for then the group is lost. They are on record, so that one that dies is told of once,
 * however many gateways there are.
 */
export function judgeExecutors(look: Look): Verdict[] {
  const rows = [...look.rows.values()].filter(({ key }) => key.startsWith(EXECUTOR));
  const verdicts = rows.flatMap((row) => (row.state === LOST ? judgeLost(look, row) : judgeAlive(look, row, rows)));
  for (const [id, { beat, heard_ms }] of look.executors.all()) {
    if (heard_ms !== undefined && isAlive(look, id) && !look.rows.has(EXECUTOR + id)) verdicts.push(begin(look, id, beat));
  }
  return verdicts;
}

/** Has it given a sign of life within the time of silence? */
export function isAlive({ executors, now, silence_ms }: Pick<Look, "executors" | "now" | "silence_ms">, id: string): boolean {
  const sighting = executors.get(id);
  return sighting !== undefined && !sighting.left && now.getTime() - sighting.seen_ms <= silence_ms;
}

function begin({ now }: Look, id: string, { host, group }: ExecutorHeartbeat): Verdict {
  const place: Place = { host, group };
  return { act: "begin", row: { key: EXECUTOR + id, state: ALIVE, since: now.toISOString(), last_seen_at: now.toISOString(), detail: JSON.stringify(place) } };
}

function judgeAlive(look: Look, row: Watched, rows: readonly Watched[]): Verdict[] {
  const { now, silence_ms, executors } = look;
  const id = idOf(row);
  const sighting = executors.get(id);
  if (sighting?.left === true || executors.hasLeft(id)) return [{ act: "forget", seen: row }];
  const silent_ms = now.getTime() - Math.max(sighting?.seen_ms ?? 0, executors.since_ms);
  // Never seen by us: whoever saw it has had his time to tell; else nobody knows how it ended.
  if (sighting === undefined) return silent_ms > 2 * silence_ms ? [{ act: "forget", seen: row }] : [];
  if (silent_ms <= silence_ms) return [];
  const { host, group } = placeOf(row);
  const others = rows.filter((other) => other !== row && isAlive(look, idOf(other)) && placeOf(other).group === group);
  // What a dead one left behind is followed by whoever came on record after it.
  const heard_ms = sighting.heard_ms ?? Date.parse(row.since) + 1;
  const isFollowed = others.some((other) => placeOf(other).host === host && Date.parse(other.since) >= heard_ms);
  if (isFollowed || others.length === 0) return [{ act: "forget", seen: row }];
  return [changeOf(row, LOST, "executor_lost", { name: "executor", id, group }, sighting.seen_ms, now)];
}

function judgeLost({ now, executors }: Look, row: Watched): Verdict[] {
  const id = idOf(row);
  const sighting = executors.get(id);
  if (sighting?.heard_ms !== undefined && !sighting.left && sighting.heard_ms > Date.parse(row.since)) {
    return [changeOf(row, ALIVE, "executor_back", { name: "executor", id, group: placeOf(row).group }, sighting.seen_ms, now)];
  }
  return now.getTime() - Date.parse(row.since) > KEPT_LOST_MS ? [{ act: "forget", seen: row }] : [];
}

function idOf({ key }: Watched): string {
  return key.slice(EXECUTOR.length);
}

function placeOf({ detail }: Watched): Place {
  return Place.parse(JSON.parse(detail ?? "{}"));
}
