import type { NoticeKind } from "@safebase/contracts";
import type { ObjectiveState } from "../catalog/schema.ts";
import type { Limit } from "./limit.ts";

/** Beyond this part of its limit an objective is about to be missed. */
const RISKY = 0.8;

/**
 * How an objective stands. A backup is as old as its data: its age counts from its start. Where none is young enough,
 * there is the limit's time from when one could be expected at all; but that alone never makes good what was missed or
 * at risk: only a backup does. An own limit waits for the first backup only.
 */
export function judge(state: ObjectiveState, newest_at: string | null, limit: Limit | undefined, now: Date): ObjectiveState {
  if (limit === undefined) return "none";
  const byAge = newest_at === null ? "missed" : stateAfter(elapsed_s(newest_at, now), limit.limit_s);
  const mayWait = newest_at === null || limit.automatic;
  const lenient = mayWait ? better(byAge, stateAfter(elapsed_s(limit.since, now), limit.limit_s)) : byAge;
  return worse(lenient, better(byAge, state === "none" ? "met" : state));
}

/** What people are told of a change. That it is no longer at risk goes without saying; that it is met after it was missed does not. */
export function noticeKindOf(before: ObjectiveState, after: ObjectiveState): NoticeKind | undefined {
  if (after === "missed") return "objective_missed";
  if (after === "none") return undefined;
  if (before === "missed") return "objective_met";
  return after === "at_risk" ? "objective_at_risk" : undefined;
}

/** How old something of that time is. */
export function elapsed_s(at: string, now: Date): number {
  return Math.max(0, (now.getTime() - Date.parse(at)) / 1000);
}

function stateAfter(age_s: number, limit_s: number): Judged {
  if (age_s > limit_s) return "missed";
  return age_s > RISKY * limit_s ? "at_risk" : "met";
}

type Judged = Exclude<ObjectiveState, "none">;
const ORDER: readonly Judged[] = ["met", "at_risk", "missed"];

const worse = (one: Judged, other: Judged): Judged => (ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other);
const better = (one: Judged, other: Judged): Judged => (worse(one, other) === one ? other : one);
